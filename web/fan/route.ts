import { signal } from "../shared/signals.ts";

/** The page that an address shows. */
export type Page =
  | { readonly kind: "list" }
  | { readonly kind: "concert"; readonly concertId: string }
  | { readonly kind: "me" }
  | { readonly kind: "shop" }
  /** The server answers an unknown address with the pages too. */
  | { readonly kind: "none" };

const pageAt = (path: string): Page => {
  const [, concertId, own] = /^\/(?:concerts\/([^/]+)|(me|shop))$/.exec(path) ?? [];
  if (concertId !== undefined) return { kind: "concert", concertId: concertId.toLowerCase() };
  return { kind: (own as "me" | "shop" | undefined) ?? (path === "/" ? "list" : "none") };
};

export const page = signal<Page>(pageAt(location.pathname));

let isNew = false;

/** Focuses the heading after a navigation, so that keyboard and screen reader start at the new content. */
export const focusHeading = (heading: HTMLElement | null): void => {
  if (heading === null || !isNew) return;
  isNew = false;
  heading.focus({ preventScroll: true });
};

/** Lets the next heading that is rendered take the focus. */
export const expectHeading = (): void => {
  isNew = true;
};

/** Scrolls to the top; the next heading that is rendered takes the focus. */
export const startNewView = (): void => {
  expectHeading();
  scrollTo(0, 0);
};

export const navigate = (path: string): void => {
  if (path !== location.pathname) history.pushState(null, "", path);
  startNewView();
  page.value = pageAt(path);
};

addEventListener("popstate", () => {
  isNew = true;
  page.value = pageAt(location.pathname);
});

/** A link with `data-in` changes the page without a request for a document. */
addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null || link.origin !== location.origin || link.dataset["in"] === undefined) return;
  event.preventDefault();
  navigate(link.pathname);
});
