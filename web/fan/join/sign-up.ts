import type { Failure } from "../../../sdk/client.ts";
import { createUser } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { storedSession } from "../session/session.ts";
import { account, setSession } from "../account.ts";

/** Creates a user with this name. Returns null, or the failure. `onWait` is called before each retry. */
export const signUp = async (
  name: string,
  onWait: (failure: Failure) => void,
): Promise<Failure | null> => {
  const result = await api.call(createUser, name === "" ? {} : { body: { name } }, { onWait });
  if (!result.ok) return result;
  // Another tab may have signed in meanwhile; its user stays.
  if (account.peek() === null) setSession(storedSession(result.value, name, result.dateMs));
  return null;
};
