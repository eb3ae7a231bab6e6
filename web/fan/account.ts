import { linkAbort, type AbortLink } from "../../sdk/abort.ts";
import { signal, type Signal } from "../shared/signals.ts";
import { browserStorage, tabStorage } from "../shared/storage.ts";

/** A user and the user's access token, as this browser stores them. */
export interface Session {
  readonly userId: string;
  readonly accessToken: string;
  readonly name: string;
  /** Renews the session; a session of an earlier release has none. */
  readonly refreshToken?: string | undefined;
  /** When to renew the access token, by this browser's clock, in epoch ms. */
  readonly renewAtMs?: number | undefined;
  /** The identity provider whose session this is; a session of this server has none. */
  readonly issuer?: string | undefined;
  /** Tells the provider whom to sign out. */
  readonly idToken?: string | undefined;
  /** Opens the account when every session is lost. It is kept until the fan has saved it. */
  readonly recoveryCode?: string | undefined;
}

/**
 * The signed-in user with all state that the pages keep of the user. Another user replaces it as a whole, in
 * every tab of the browser: its requests abort, its state is forgotten and its stored values are removed.
 */
export interface Account extends AbortLink {
  readonly userId: string;
  /** The newest session of this user. */
  readonly session: Signal<Session>;
  /** The session has ended and cannot be renewed; the account stays until the fan signs in again. */
  readonly isEnded: Signal<boolean>;
  /** The name of one of the user's values in a storage. */
  key(name: string): string;
}

const keyOf = (userId: string, name: string): string => `@${userId}/${name}`;

const openAccount = (session: Session): Account => ({
  ...linkAbort(),
  userId: session.userId,
  session: signal(session),
  isEnded: signal(false),
  key: (name) => keyOf(session.userId, name),
});

const storageKey = "session";

/** The signed-in user's account; null when no user is signed in. */
export const account = signal<Account | null>(null);

const applySession = (next: Session | null): void => {
  const current = account.peek();
  if (current !== null && current.userId === next?.userId) {
    const { accessToken, recoveryCode } = current.session.peek();
    if (accessToken !== next.accessToken) current.isEnded.value = false;
    else if (recoveryCode === next.recoveryCode) return;
    current.session.value = next;
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
export const syncSession = (): void => applySession(browserStorage.read<Session>(storageKey));

syncSession();
addEventListener("storage", syncSession);
addEventListener("pageshow", syncSession);
