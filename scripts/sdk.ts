import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readDocument } from "./sdk/document.ts";
import { generateSdk } from "./sdk/generate.ts";

// Makes sdk/generated.ts anew from the routes as they are declared. Run it after a route has changed.

const root = join(import.meta.dirname, "..");
const target = join(root, "sdk/generated.ts");

writeFileSync(target, generateSdk(await readDocument()));
const formatter = join(root, "node_modules/oxfmt/bin/oxfmt");
const { status } = spawnSync(process.execPath, [formatter, target], { stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);
console.log("sdk/generated.ts");
