import type { Clock } from "#kernel/instant.ts";
import { renewedTokenSeconds } from "../domain/session.ts";
import type { OpenedSession, Sessions } from "../ports/sessions.ts";
import type { OwnTokens } from "../ports/tokens.ts";
import { grantAccess, type GrantedSession } from "./create-user.ts";

/** A secret that opens or renews a session. */
export interface Credential {
  readonly kind: "refresh-token" | "recovery-code" | "handover-code";
  readonly secret: string;
}

export interface RedeemCredentialDeps {
  readonly sessions: Pick<Sessions, "refresh" | "recover" | "takeHandover">;
  readonly tokens: Pick<OwnTokens, "sign">;
  readonly clock: Clock;
}

const open = (
  { sessions }: RedeemCredentialDeps,
  { kind, secret }: Credential,
): Promise<OpenedSession | null> => {
  switch (kind) {
    case "refresh-token":
      return sessions.refresh(secret);
    case "recovery-code":
      return sessions.recover(secret);
    case "handover-code":
      return sessions.takeHandover(secret);
  }
};

/**
 * Opens or renews a session with a credential; see `Sessions` for each kind. Null for a credential that
 * is unknown, used or expired. Throws Unavailable. Cost: one transaction.
 */
export const redeemCredential =
  (deps: RedeemCredentialDeps) =>
  async (credential: Credential): Promise<GrantedSession | null> => {
    const opened = await open(deps, credential);
    const isRecovered = credential.kind === "recovery-code";
    return opened && grantAccess(deps, opened, { seconds: renewedTokenSeconds, isRecovered });
  };
