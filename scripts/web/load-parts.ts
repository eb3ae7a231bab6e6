import type { Plugin } from "vite";

const preloadId = "\0vite/preload-helper.js";

/**
 * Loads a part and its style sheets side by side; the part counts as loaded when all are there. Vite's own helper
 * does more, and is as large as the code of the waiting page.
 */
const code = `
const asked = {};
const load = (href) => asked[href] ??= new Promise((resolve, reject) => {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  link.onload = resolve;
  link.onerror = () => { delete asked[href]; link.remove(); reject(new Error(href)); };
  document.head.append(link);
});
export const __vitePreload = (part, files) =>
  Promise.all([part(), ...(files ?? []).map((file) => load("/" + file))]).then(([it]) => it);
`;

export const loadParts = (): Plugin => ({
  name: "frontrow-load-parts",
  enforce: "pre",
  resolveId: { order: "pre", handler: (id) => (id === preloadId ? preloadId : null) },
  load: { order: "pre", handler: (id) => (id === preloadId ? code : null) },
});
