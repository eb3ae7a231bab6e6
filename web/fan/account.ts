import { linkAbort, type AbortLink } from "../../sdk/abort.ts";
import type { CallOptions, Result } from "../../sdk/client.ts";
import type { Operation } from "../../sdk/operation.ts";
import { api } from "../shared/api.ts";
import { signal } from "../shared/signals.ts";
import { browserStorage, tabStorage } from "../shared/storage.ts";

/** A user and the user's access token, as this browser stores them. */
export interface Session {
  readonly userId: string;
  readonly accessToken: string;
  readonly name: string;
}

/**
 * The signed-in user with all state that the pages keep of the user. Another user replaces it as a whole, in
 * every tab of the browser: its requests abort, its state is forgotten and its stored values are removed.
 */
export interface Account extends AbortLink {
  /** The newest session of this user. */
  session: Session;
  /** The name of one of the user's values in a storage. */
  key(name: string): string;
  /** Calls an operation with the user's access token, for as long as the account is signed in. */
  call<Input extends object, Value, Code extends string>(
    operation: Operation<Input, Value, Code>,
    input: Input,
    options?: Omit<CallOptions, "token">,
  ): Promise<Result<Value, Code>>;
}

const keyOf = (userId: string, name: string): string => `@${userId}/${name}`;

const openAccount = (session: Session): Account => {
  const link = linkAbort();
  const account: Account = {
    ...link,
    session,
    key: (name) => keyOf(session.userId, name),
    call: (operation, input, options) =>
      api.call(operation, input, {
        signal: link.signal,
        ...options,
        token: account.session.accessToken,
      }),
  };
  return account;
};

const storageKey = "session";

/** The signed-in user's account; null when no user is signed in. */
export const account = signal<Account | null>(null);

const applySession = (next: Session | null): void => {
  const current = account.peek();
  if (current !== null && current.session.userId === next?.userId) {
    current.session = next;
    return;
  }
  current?.abort();
  const own = keyOf(next?.userId ?? "", "");
  for (const storage of [browserStorage, tabStorage])
    storage.clear((name) => name.startsWith("@") && !name.startsWith(own));
  account.value = next && openAccount(next);
};

/** Signs in as a user, or out, in all tabs of this browser. */
export const setSession = (next: Session | null): void => {
  if (next === null) browserStorage.remove(storageKey);
  else browserStorage.write(storageKey, next);
  applySession(next);
};

/** Follows what another tab has stored. */
const syncSession = (): void => applySession(browserStorage.read<Session>(storageKey));

syncSession();
addEventListener("storage", syncSession);
addEventListener("pageshow", syncSession);
