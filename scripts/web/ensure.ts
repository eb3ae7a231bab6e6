import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { builtFolder, isBuilt } from "./freshness.ts";

/**
 * Builds the pages in another process when their sources have changed (about 1 s). Does nothing when the
 * packages that build them are not installed.
 */
export const ensureWeb = async (root: string): Promise<void> => {
  if (!existsSync(join(root, "node_modules/vite")) || isBuilt(root)) return;
  const program = join(root, "scripts/build-web.ts");
  const builder = spawn(process.execPath, [program], { stdio: ["ignore", 2, 2] });
  await once(builder, "close");
  if (builder.exitCode !== 0) throw new Error(`The pages could not be built into ${builtFolder}.`);
};
