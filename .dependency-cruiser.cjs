// Who may import whom. Allow-lists: what a folder is not given, it has not.
// Planted faults in test/architecture/controls prove that every rule here reports.

const tests = "\\.(test|contract)\\.ts$";
const feature = "(?:account|catalogue|queue|sale)";

const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

/** A core folder sees what it is given and the kernel; no `node:`, no package. */
const sees = (folder, allowed) =>
  rule(
    `${folder}-sees-inward-only`,
    `src/*/${folder} imports the kernel and, of its own feature, ${allowed}; nothing of Node or npm.`,
    { path: `^src/([^/]+)/${folder}/`, pathNot: tests },
    { pathNot: ["^src/kernel/", `^src/$1/(${allowed})/`] },
  );

module.exports = {
  forbidden: [
    rule("no-cycle", "A cycle has no inside.", {}, { circular: true }),
    rule("resolvable", "What can't be found can't be judged.", {}, { couldNotResolve: true }),
    rule(
      "kernel-sees-itself",
      "The kernel is the middle: it imports nothing else.",
      { path: "^src/kernel/", pathNot: tests },
      { pathNot: "^src/kernel/" },
    ),
    sees("domain", "domain"),
    sees("ports", "domain|ports"),
    sees("use-cases", "domain|ports|use-cases"),
    rule(
      "features-apart",
      "Features meet in src/app only, never in each other.",
      { path: `^src/(${feature})/` },
      { path: `^src/${feature}/`, pathNot: "^src/$1/" },
    ),
    rule(
      "features-by-their-front",
      "src/app knows of a feature its index.ts and its ports, nothing behind them.",
      { path: "^src/app/", pathNot: tests },
      { path: `^src/${feature}/`, pathNot: `^src/${feature}/(index\\.ts$|ports/)` },
    ),
    rule(
      "platform-knows-no-feature",
      "The platform serves any feature and knows none.",
      { path: "^src/platform/" },
      { path: "^src/", pathNot: "^src/(platform|kernel)/" },
    ),
    rule(
      "nobody-imports-app",
      "src/app puts everything together; only tests, scripts/start and tools/doctor know it.",
      {
        pathNot: [
          "^src/app/",
          "^test/",
          tests,
          "^scripts/(start(\\.ts$|/)|sdk/)",
          "^tools/doctor(\\.ts$|/)",
        ],
      },
      { path: "^src/app/" },
    ),
    rule(
      "source-stands-alone",
      "What runs in production needs no test, no script and no development package.",
      { path: "^src/", pathNot: tests },
      { path: "^(test|scripts|tools|bench)/|\\.(test|contract)\\.ts$" },
    ),
    rule(
      "scripts-need-no-tool",
      "`npm start`, `npm test` and `npm run check` work without the tools of maintainers and operators.",
      { path: "^scripts/" },
      { path: "^tools/" },
    ),
    rule(
      "no-development-package",
      "What runs in production uses `dependencies` only.",
      { path: "^src/", pathNot: tests },
      {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
        dependencyTypesNot: ["type-only"],
      },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(test/architecture/controls|web/dist)/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types"],
      extensions: [".ts", ".mjs", ".js"],
    },
  },
};
