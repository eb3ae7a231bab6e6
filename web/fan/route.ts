import { signal } from "../shared/signals.ts";

/** Which page an address shows. */
export type Page =
  | { readonly kind: "list" }
  | { readonly kind: "concert"; readonly concertId: string }
  | { readonly kind: "me" };

const pageAt = (path: string): Page => {
  const [, concertId] = /^\/concerts\/([^/]+)\/?$/.exec(path) ?? [];
  if (concertId !== undefined) return { kind: "concert", concertId };
  return path.startsWith("/me") ? { kind: "me" } : { kind: "list" };
};

export const page = signal<Page>(pageAt(location.pathname));

let isNew = false;

/** Puts keyboard and screen reader at the start of what is shown, when another page was gone to. */
export const takeFocus = (heading: HTMLElement | null): void => {
  if (heading === null || !isNew) return;
  isNew = false;
  heading.focus({ preventScroll: true });
};

/** Says that what is shown next is another thing, to be begun at its start. */
export const moveOn = (): void => {
  isNew = true;
  scrollTo(0, 0);
};

export const go = (path: string): void => {
  if (path !== location.pathname) history.pushState(null, "", path);
  moveOn();
  page.value = pageAt(path);
};

addEventListener("popstate", () => {
  isNew = true;
  page.value = pageAt(location.pathname);
});

/** Links within these pages change what is shown, without a request. */
addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null || link.origin !== location.origin || link.dataset["in"] === undefined) return;
  event.preventDefault();
  go(link.pathname);
});
