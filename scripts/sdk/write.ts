import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateSdk, type ApiDocument } from "./generate.ts";

/** Replaces the content of `folder` by the formatted modules of a document. Returns their names. */
export const writeSdk = (root: string, document: ApiDocument, folder: string): string[] => {
  const modules = generateSdk(document);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of modules) writeFileSync(join(folder, name), text);
  const formatter = join(root, "node_modules/oxfmt/bin/oxfmt");
  const { status, stderr } = spawnSync(process.execPath, [formatter, folder], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the generated modules could not be formatted: ${stderr}`);
  return [...modules.keys()];
};
