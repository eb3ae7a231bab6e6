import type { CallOptions, Failure, Result } from "../../../sdk/client.ts";
import { redeemCredential } from "../../../sdk/generated/index.ts";
import type { Operation } from "../../../sdk/operation.ts";
import { pause } from "../../../sdk/wait.ts";
import { api } from "../../shared/api.ts";
import { setSession, syncSession, type Account } from "../account.ts";
import { partOf } from "../part-of.ts";
import { storedSession } from "./session.ts";

/** The server repeats the answer to a refresh token for 30 s; three tries of at most 10 s fit. */
const triesMax = 3;

const requestRenewal = async (account: Account, refreshToken: string) => {
  const { signal } = account;
  for (let tries = 1; ; tries += 1) {
    const result = await api.call(redeemCredential, { body: { refreshToken } }, { signal });
    if (result.ok || result.code !== "NO_ANSWER" || tries === triesMax || signal.aborted)
      return result;
    await pause(300 * tries, signal);
  }
};

/** Renews a session of the identity provider. Returns null, or why it was not renewed. */
const renewAtProvider = async (account: Account): Promise<Failure | null> => {
  const session = account.session.peek();
  const { renewSession } = await import("../oidc/flow.ts");
  const next = await renewSession(session);
  if (account.signal.aborted) return null;
  if (next === "away") return { ok: false, code: "NO_ANSWER", status: 0, retryAfterMs: null };
  // Another tab may have renewed it meanwhile, which makes a rotated token useless here.
  syncSession();
  if (account.session.peek().accessToken !== session.accessToken) return null;
  if (next === "ended") account.isEnded.value = true;
  else setSession(next);
  return null;
};

/** Renews the session. Returns null, or why it was not renewed; a session that the server refuses has ended. */
const renew = async (account: Account): Promise<Failure | null> => {
  const { accessToken } = account.session.peek();
  // Another tab may have renewed it.
  syncSession();
  const { name, refreshToken, recoveryCode, accessToken: newest } = account.session.peek();
  if (newest !== accessToken) return null;
  if (account.session.peek().issuer !== undefined) return renewAtProvider(account);
  if (refreshToken === undefined) {
    account.isEnded.value = true;
    return null;
  }
  const result = await requestRenewal(account, refreshToken);
  if (account.signal.aborted) return null;
  if (result.ok) {
    const next = storedSession(result.value, name, result.dateMs);
    setSession({ ...next, recoveryCode: next.recoveryCode ?? recoveryCode });
    return null;
  }
  if (result.code !== "CREDENTIAL_INVALID") return result;
  syncSession();
  if (account.session.peek().accessToken === accessToken) account.isEnded.value = true;
  return null;
};

const createRenewal = () => ({ running: null as Promise<Failure | null> | null });

/** Renews the session once, whatever the number of callers. */
const renewOnce = (account: Account): Promise<Failure | null> => {
  const renewal = partOf(account, createRenewal);
  renewal.running ??= renew(account).finally(() => {
    renewal.running = null;
  });
  return renewal.running;
};

const isDue = ({ session, isEnded }: Account): boolean => {
  const { renewAtMs, refreshToken } = session.peek();
  return !isEnded.peek() && refreshToken !== undefined && Date.now() >= (renewAtMs ?? Infinity);
};

/**
 * Calls an operation with the user's access token, for as long as the account is signed in. Renews the session
 * when it is due, and when the server refuses the token; then the call is sent once more.
 */
export const callAs = async <Input extends object, Value, Code extends string>(
  account: Account,
  operation: Operation<Input, Value, Code>,
  input: Input,
  options: Omit<CallOptions, "token"> = {},
): Promise<Result<Value, Code>> => {
  const send = () => {
    const token = account.session.peek().accessToken;
    return api.call(operation, input, { signal: account.signal, ...options, token });
  };
  if (isDue(account)) await renewOnce(account);
  const before = account.session.peek().accessToken;
  const result = await send();
  if (result.ok || result.code !== "ACCESS_TOKEN_INVALID") return result;
  const failure = account.session.peek().accessToken === before ? await renewOnce(account) : null;
  if (failure !== null) {
    return { ok: false, code: "NO_ANSWER", status: 0, retryAfterMs: failure.retryAfterMs };
  }
  return account.isEnded.peek() || account.signal.aborted ? result : send();
};
