import type { Failure } from "../../../sdk/client.ts";
import { createUser } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { setSession, type Session } from "../session.ts";

/** Makes a user of this name; null when it went well. `onWait` is told why it takes longer. */
export const signUp = async (
  name: string,
  onWait: (failure: Failure) => void,
): Promise<Failure | null> => {
  const result = await api.call(createUser, name === "" ? {} : { body: { name } }, { onWait });
  if (!result.ok) return result;
  const { userId, accessToken } = result.value;
  setSession({ userId, accessToken, name });
  return null;
};

const mark = "#take=";

/** The part of an address that makes another device the same person's. It never reaches a server. */
export const sessionFragment = (of: Session): string =>
  mark + encodeURIComponent(JSON.stringify([of.userId, of.accessToken, of.name]));

/** Takes over the session that the address brings along, and wipes it from the address. */
export const takeSession = (): void => {
  try {
    const parts = JSON.parse(decodeURIComponent(location.hash.slice(mark.length))) as unknown[];
    const [userId, accessToken, name] = parts;
    if (typeof userId === "string" && typeof accessToken === "string") {
      setSession({ userId, accessToken, name: String(name) });
    }
  } catch {
    // Not one of ours.
  }
  history.replaceState(null, "", location.pathname);
};
