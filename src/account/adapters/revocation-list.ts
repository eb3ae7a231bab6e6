import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { Revocation, RevocationList, Revocations } from "../ports/revocations.ts";

/**
 * A revocation becomes visible at its commit, which may come after the commit of a later one. Reading
 * this far back finds every revocation, because a transaction lasts at most a few seconds.
 */
const overlapMs = 30_000;

/** Keeps the revocations in memory, because every request needs them: about 150 bytes a user. */
export const revocationList = (revocations: Revocations): RevocationList => {
  const byUser = new Map<UserId, Revocation>();
  let readToMs: InstantMs = 0;
  return {
    epochOf: (userId) => byUser.get(userId)?.tokenEpoch ?? 0,
    isRevokedSince(userId, issuedAtSeconds) {
      const found = byUser.get(userId);
      return found !== undefined && issuedAtSeconds * 1000 <= found.revokedAtMs;
    },
    isErased: (userId) => byUser.get(userId)?.isErased ?? false,
    async refresh() {
      const { revoked, nowMs } = await revocations.since(Math.max(0, readToMs - overlapMs));
      for (const one of revoked) {
        const isNewer = (byUser.get(one.userId)?.tokenEpoch ?? 0) < one.tokenEpoch;
        if (isNewer) byUser.set(one.userId, one);
      }
      readToMs = nowMs;
    },
  };
};
