// The service worker of the door page: the page loads again without a network.
// It keeps one release: the page and its files as they were when the worker was installed. The build writes their names.

/** Replaced by the build. */
declare const doorFiles: readonly string[];

interface InstallEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface AskEvent extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  addEventListener(type: "install" | "activate", listener: (event: InstallEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: AskEvent) => void): void;
}

const worker = globalThis as unknown as Worker;
const page = "/door";
const prefix = "frontrow-door ";
const cacheName = prefix + doorFiles.join(" ");
/** A network that does not answer by then counts as none. */
const pageWithinMs = 3_000;

const install = async (): Promise<void> => {
  const cache = await caches.open(cacheName);
  await cache.addAll([page, ...doorFiles]);
  const html = (await (await cache.match(page))?.text()) ?? "";
  // While a release is rolled out, one instance may give the worker and another one the page.
  const names = html.match(/\/assets\/[\w.-]+/g) ?? [];
  if (names.every((name) => doorFiles.includes(name))) return;
  await caches.delete(cacheName);
  throw new Error("The page and its worker are of two releases");
};

const activate = async (): Promise<void> => {
  for (const name of await caches.keys())
    if (name.startsWith(prefix) && name !== cacheName) await caches.delete(name);
};

const kept = async (name: string): Promise<Response | undefined> =>
  (await caches.open(cacheName)).match(name);

/** The page of the server, or the one that is kept. */
const answerPage = async (request: Request): Promise<Response> => {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), pageWithinMs);
  try {
    return await fetch(request, { signal: late.signal });
  } catch (error) {
    const own = await kept(page);
    if (own === undefined) throw error;
    return own;
  } finally {
    clearTimeout(timer);
  }
};

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === page) event.respondWith(answerPage(request));
  else if (doorFiles.includes(pathname))
    event.respondWith(kept(pathname).then((own) => own ?? fetch(request)));
});
