import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { programStep, runNode, runSteps, type Step } from "./check/step.ts";
import { checkBrowsers } from "./check/browsers.ts";
import { checkLua } from "./check/lua.ts";
import { checkProse } from "./check/prose.ts";
import { luaNames } from "../src/queue/adapters/redis/lua-names.ts";

// `npm run check`: every check that needs no running server. A step whose tool would pass without reading a
// file prints how many it has read; test/architecture holds planted violations.

const root = join(import.meta.dirname, "..");
const tool = (path: string): string => join(root, "node_modules", path);
const tsc = tool("@typescript/native/bin/tsc");
const folders = ["src", "scripts", "tools", "test", "bench", "web", "sdk"].filter((name) =>
  existsSync(join(root, name)),
);
const modulesMin = 150;
const filesMin = 150;
const featuresMin = 300;

const types = (project: string): Step => ({
  name: `types of ${project}`,
  run: async () => {
    // Another package brings a TypeScript 6 under the same program name; this one must be 7.
    const version = await runNode(root, [tsc, "--version"]);
    if (!version.output.startsWith("Version 7."))
      return { faults: `not TypeScript 7: ${version.output}` };
    const listed = await runNode(root, [tsc, "-p", project, "--listFilesOnly"]);
    const files = listed.output
      .split("\n")
      .filter((line) => /\/(src|test|scripts|tools|bench|web|sdk)\//.test(line));
    const { output, code } = await runNode(root, [tsc, "-p", project]);
    // One import of an adapter would load the types of Node, and the core could use all of Node.
    if (project.includes("core") && listed.output.includes("/@types/node/")) {
      return {
        faults: `${project} sees the types of Node: something in it imports an outer layer`,
      };
    }
    const own = files.filter((file) => !file.includes("/node_modules/")).length;
    if (own === 0) return { faults: `${project} reads no file` };
    return { faults: code === 0 ? "" : output, extent: `${own} files` };
  },
});

const lint: Step = {
  name: "lint",
  run: async () => {
    const flags = ["--deny-warnings", "--report-unused-disable-directives"];
    const { output, code } = await runNode(root, [tool("oxlint/bin/oxlint"), ...flags, "."]);
    const files = Number(/on (\d+) files/.exec(output)?.[1] ?? 0);
    if (files < filesMin) return { faults: `only ${files} files were read\n${output}` };
    return { faults: code === 0 ? "" : output, extent: `${files} files` };
  },
};

const architecture: Step = {
  name: "imports",
  run: async () => {
    const program = tool("dependency-cruiser/bin/dependency-cruiser.mjs");
    const flags = ["--config", ".dependency-cruiser.cjs", "--output-type", "err"];
    const { output, code } = await runNode(root, [program, ...folders, ...flags]);
    // With a TypeScript that it cannot use, this tool reads no file and passes.
    const modules = Number(/(\d+) modules, \d+ dependencies cruised/.exec(output)?.[1] ?? 0);
    if (modules < modulesMin) return { faults: `only ${modules} modules were read\n${output}` };
    return { faults: code === 0 ? "" : output, extent: `${modules} modules` };
  },
};

const lua: Step = {
  name: "Lua scripts",
  run: async () => {
    const { faults, scripts } = checkLua(root, luaNames);
    return { faults: faults.join("\n"), extent: `${scripts} scripts` };
  },
};

const prose: Step = {
  name: "prose",
  run: async () => {
    const { faults, files } = checkProse(root);
    if (files < filesMin) return { faults: `only ${files} files were read` };
    return { faults: faults.join("\n"), extent: `${files} files` };
  },
};

const browsers: Step = {
  name: "browsers",
  run: async () => {
    const { faults, features } = checkBrowsers(root);
    if (features < featuresMin) return { faults: `only ${features} features were found` };
    return { faults: faults.join("\n"), extent: `${features} features` };
  },
};

const steps: readonly Step[] = [
  lint,
  architecture,
  types("tsconfig.json"),
  types("web/tsconfig.json"),
  programStep("unused code", root, [tool("knip/bin/knip.js"), "--no-progress"]),
  types("tsconfig.core.json"),
  programStep("format", root, [tool("oxfmt/bin/oxfmt"), "--check", "."]),
  lua,
  prose,
  browsers,
];

const { passed, failed } = await runSteps(steps, Math.min(3, availableParallelism()));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
