import { signal } from "../shared/signals.ts";

const pageAt = (path: string): string => /^\/console\/(.+?)\/?$/.exec(path)?.[1] ?? "";

/** The page that the address names: "" for all sales, "new", "goods" (or "goods/" and a concert's id), a concert's id, or "users/" and a user's id. */
export const at = signal(pageAt(location.pathname));

export const navigate = (path: string): void => {
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
  navigate(link.pathname);
});
