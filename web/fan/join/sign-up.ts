import type { Failure } from "../../../sdk/client.ts";
import { createUser } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { storedSession } from "../session/session.ts";
import { account, setSession } from "../account.ts";
import { sendChecked, type CheckOwner } from "./check.ts";

/** Creates a user with this name. Returns null, or the failure. `onWait` is called before each retry. */
export const signUp = async (
  owner: CheckOwner,
  name: string,
  onWait: (failure: Failure) => void,
): Promise<Failure | null> => {
  const input = name === "" ? {} : { body: { name } };
  const result = await sendChecked(
    owner,
    (challengeResponse) => api.call(createUser, input, { onWait, challengeResponse }),
    // The server writes it into the page; a try without an answer would count at the limit of accounts.
    document.documentElement.dataset["challenge"] === "pow",
  );
  if (!result.ok) return result;
  // Another tab may have signed in meanwhile; its user stays.
  if (account.peek() === null) setSession(storedSession(result.value, name, result.dateMs));
  return null;
};
