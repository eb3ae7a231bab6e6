import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "vite";

const cacheFolder = "node_modules/.cache/frontrow";
const prefix = "server-";
/** A run that began with an older file may still start servers from it. */
const keptMs = 24 * 3600 * 1000;

/** Gives each module the address of its source, from where it reads scripts, migrations and pages. */
const ownAddress = (): Plugin => ({
  name: "frontrow-own-address",
  enforce: "pre",
  transform: (code, id) =>
    code.includes("import.meta.")
      ? code
          .replaceAll("import.meta.dirname", JSON.stringify(dirname(id)))
          .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(id).href))
      : null,
});

const codeOf = async (root: string): Promise<string> => {
  const result = await build({
    root,
    configFile: false,
    logLevel: "error",
    plugins: [ownAddress()],
    ssr: { noExternal: true },
    build: {
      ssr: "src/app/serve.ts",
      target: "node24",
      write: false,
      minify: false,
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const outputs = [result].flat().flatMap((it) => ("output" in it ? it.output : []));
  const [chunk, ...more] = outputs;
  if (chunk?.type !== "chunk" || more.length > 0) throw new Error("The server is not one file.");
  return chunk.code;
};

/**
 * Makes one file of the server with its libraries, and returns its path. The tests start some 250 servers, and a
 * process that loads one file instead of a thousand starts with two thirds of the CPU time (ADR 0003). Takes 2 s.
 */
export const bundleServer = async (root: string): Promise<string> => {
  const code = await codeOf(root);
  const folder = join(root, cacheFolder);
  const hash = createHash("sha256").update(code).digest("hex").slice(0, 16);
  const file = join(folder, `${prefix}${hash}.mjs`);
  if (existsSync(file)) {
    const now = new Date();
    utimesSync(file, now, now);
    return file;
  }
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder).filter((one) => one.startsWith(prefix))) {
    const old = join(folder, name);
    const usedMs = statSync(old, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (Date.now() - usedMs > keptMs) rmSync(old, { force: true });
  }
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, code);
  renameSync(draft, file);
  return file;
};
