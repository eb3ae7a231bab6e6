import type { Plugin } from "vite";

/** The source of the service worker of the door page, in web/. */
export const doorWorkerInput = "door/worker.ts";
/** Its name in the build. It has no hash: a browser finds a new release by asking for the same address. */
const built = "door-worker.js";

/** Names the files of the door page and of its service worker. */
export const doorWorkerOutput = {
  entryFileNames: ({ name }: { readonly name: string }): string =>
    name === "worker" ? built : "assets/[name]-[hash:6].js",
};

/** Writes the names of the files of the page into its service worker, which keeps them in the browser. */
export const doorWorker = (): Plugin => ({
  name: "frontrow-door-worker",
  generateBundle: {
    order: "post",
    handler: (_options, bundle) => {
      const worker = bundle[built];
      if (worker?.type !== "chunk") throw new Error(`The build has no ${built}`);
      const files = Object.keys(bundle).filter((name) => name.startsWith("assets/"));
      const names = JSON.stringify(files.toSorted().map((name) => `/${name}`));
      worker.code = `const doorFiles = ${names};\n${worker.code}`;
    },
  },
});
