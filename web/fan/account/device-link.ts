import { setSession, type Session } from "../account.ts";

const marker = "#take=";

/** The fragment of a link that signs in another device. Browsers do not send fragments to servers. */
export const deviceLinkFragment = (of: Session): string =>
  marker + encodeURIComponent(JSON.stringify([of.userId, of.accessToken, of.name]));

/** Takes the session from the address, and removes it from there. */
export const adoptSession = (): void => {
  try {
    const parts = JSON.parse(decodeURIComponent(location.hash.slice(marker.length))) as unknown[];
    const [userId, accessToken, name] = parts;
    if (typeof userId === "string" && typeof accessToken === "string") {
      setSession({ userId, accessToken, name: String(name) });
    }
  } catch {
    // The fragment is not a session.
  }
  history.replaceState(null, "", location.pathname);
};
