import { signal } from "../shared/signals.ts";

const pageAt = (path: string): string => /^\/console\/([^/]+)/.exec(path)?.[1] ?? "";

/** What the address shows: "" for all sales, "new", or a concert's id. */
export const at = signal(pageAt(location.pathname));

export const go = (path: string): void => {
  history.pushState(null, "", path);
  at.value = pageAt(path);
  scrollTo(0, 0);
};

addEventListener("popstate", () => {
  at.value = pageAt(location.pathname);
});

addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null || link.dataset["in"] === undefined) return;
  event.preventDefault();
  go(link.pathname);
});
