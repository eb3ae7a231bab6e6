import type { Plugin } from "vite";

const preloadId = "\0vite/preload-helper.js";

/**
 * What runs before a part of a page that is loaded later: it waits for the part's style sheets. Vite's own
 * does much besides, and weighs as much as the waiting page's own code.
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
  Promise.all((files ?? []).map((file) => load("/" + file))).then(part);
`;

export const loadParts = (): Plugin => ({
  name: "frontrow-load-parts",
  enforce: "pre",
  resolveId: { order: "pre", handler: (id) => (id === preloadId ? preloadId : null) },
  load: { order: "pre", handler: (id) => (id === preloadId ? code : null) },
});
