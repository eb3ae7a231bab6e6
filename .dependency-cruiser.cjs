// Who may import whom. Allow-lists: what a folder is not given, it has not.
// Planted faults in test/architecture/controls prove that every rule here reports.

const tests = "\\.(test|contract)\\.ts$";
const feature = "(?:account|catalogue|exports|queue|sale|shop|tickets)";

const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

/** The parts of the queue. Admission is the core of the feature: the other parts may import it. */
const part = "(?:admission|history|lottery|push|recovery)";

/**
 * A core folder sees what it is given and the kernel; no `node:`, no package. A part of the queue sees
 * the same folders of admission.
 */
const sees = (folder, allowed) =>
  rule(
    `${folder}-sees-inward-only`,
    `src/**/${folder} imports the kernel and, of its own feature or part, ${allowed}; nothing of Node or npm.`,
    { path: `^src/((queue/|)[^/]+)/${folder}/`, pathNot: tests },
    { pathNot: ["^src/kernel/", `^src/(?:$1|$2admission)/(?:${allowed})/`] },
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
    sees("presenters", "domain|ports|presenters"),
    sees("use-cases", "domain|ports|presenters|use-cases"),
    sees("streams", "domain|ports|presenters|use-cases|streams"),
    rule(
      "parts-apart",
      "A part of the queue imports itself and, of admission, the core and the HTTP shapes; nothing else.",
      { path: `^src/queue/(${part})/`, pathNot: tests },
      {
        path: "^src/queue/",
        pathNot: [
          "^src/queue/$1/",
          "^src/queue/admission/(?:domain|ports|presenters|use-cases|adapters/http)/",
        ],
      },
    ),
    rule(
      "admission-knows-no-other-part",
      "Admission is the core of the queue: it imports no other part.",
      { path: "^src/queue/admission/", pathNot: tests },
      { path: "^src/queue/", pathNot: "^src/queue/admission/" },
    ),
    rule(
      "parts-by-their-front",
      "The queue's index.ts knows of a part its index.ts and its ports, nothing behind them.",
      { path: "^src/queue/index\\.ts$" },
      { path: `^src/queue/${part}/`, pathNot: `^src/queue/${part}/(?:index\\.ts$|ports/)` },
    ),
    rule(
      "stores-know-domains-and-ports",
      "The stores of the queue implement the ports of its parts and know nothing behind them.",
      { path: "^src/queue/adapters/", pathNot: tests },
      {
        path: "^src/queue/",
        pathNot: ["^src/queue/adapters/", `^src/queue/${part}/(?:domain|ports)/`],
      },
    ),
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
      "pages-know-plans-only",
      "The pages share the rules of seating plans with the server. For the rest they have the SDK.",
      { path: "^web/", pathNot: "\\.test\\.ts$" },
      {
        path: "^src/",
        pathNot: "^src/(kernel/seating-plan|catalogue/domain/(?:plan-input|seating-plan))\\.ts$",
      },
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
