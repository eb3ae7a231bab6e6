import type { Failure } from "../../../sdk/client.ts";
import {
  readMe,
  redeemCredential,
  type Session as GrantedSession,
} from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { setSession, type Session } from "../account.ts";

/** An access token is renewed this long before its end, in ms. */
const marginMs = 60_000;
/** A session that is not renewed for 90 days ends on the server; the page renews it after 30. */
const renewWithinMs = 30 * 86_400_000;

/** A session as this browser stores it. `dateMs`: the server's time of the answer, null when unknown. */
export const storedSession = (
  granted: GrantedSession,
  name: string,
  dateMs: number | null,
): Session => {
  const { userId, accessToken, refreshToken, recoveryCode } = granted;
  // Both times are of the server, so a wrong clock of the device does not matter.
  const lifetimeMs = Date.parse(granted.expiresAt) - (dateMs ?? Date.now()) - marginMs;
  const renewAtMs = Date.now() + Math.min(lifetimeMs, renewWithinMs);
  const code = recoveryCode ?? undefined;
  return { userId, accessToken, name, refreshToken, renewAtMs, recoveryCode: code };
};

/** A code that the fan has from another device, or has saved. */
export type Code = { readonly recoveryCode: string } | { readonly handoverCode: string };

/** Signs in with a code. Returns null, or the failure. `onWait` is called before each retry. */
export const signInWith = async (
  code: Code,
  onWait?: (failure: Failure) => void,
): Promise<Failure | null> => {
  const options = onWait === undefined ? {} : { onWait };
  const result = await api.call(redeemCredential, { body: code }, options);
  if (!result.ok) return result;
  const { accessToken } = result.value;
  const me = await api.call(readMe, {}, { token: accessToken });
  const name = me.ok ? (me.value.name ?? "") : "";
  setSession(storedSession(result.value, name, result.dateMs));
  return null;
};
