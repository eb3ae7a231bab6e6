import { closeConsoleSession, openConsoleSession } from "../../sdk/generated/operator.ts";
import { createClient } from "../../sdk/client.ts";
import { signal } from "../shared/signals.ts";
import { tabStorage } from "../shared/storage.ts";
import { forgetKey, key, refusalText } from "./session.ts";
import { texts } from "./texts.ts";

/** The calls of the session alone take cookies: the client of all other calls sends and stores none. */
const withCookies = createClient({
  fetch: (address, init) => fetch(address, { ...init, credentials: "same-origin" }),
});

const askedName = "docs-asked";
/** The server sends a browser without the session's cookie back here; a second time that soon is a circle. */
const circleMs = 10_000;

/** The reason why /docs did not open; null without a failure. */
export const docsProblem = signal<string | null>(null);

/** Opens a session of the console, which /docs needs in production, and goes there. */
export const openDocs = async (): Promise<void> => {
  docsProblem.value = null;
  const result = await withCookies.call(openConsoleSession, {}, { token: key.peek() ?? "" });
  if (result.ok) {
    tabStorage.write(askedName, Date.now());
    location.assign("/docs");
    return;
  }
  if (result.code === "OPERATOR_KEY_INVALID") forgetKey();
  docsProblem.value = refusalText(result);
};

/** Goes on to /docs after the server has sent the browser from there to sign in. */
export const goOnToDocs = (): void => {
  if (location.search !== "?then=docs") return;
  history.replaceState(null, "", location.pathname);
  if (Date.now() - (tabStorage.read<number>(askedName) ?? 0) > circleMs) void openDocs();
  else docsProblem.value = texts().noCookie;
};

/** Forgets the key, and removes the session's cookie from this browser. */
export const signOut = (): void => {
  const token = key.peek();
  forgetKey();
  tabStorage.remove(askedName);
  if (token !== null) void withCookies.call(closeConsoleSession, {}, { token });
};
