import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { Revocation, RevocationList, Revocations } from "../ports/revocations.ts";

/**
 * A revocation becomes visible at its commit, which may come after a later one's. A transaction lasts at
 * most a few seconds, so that reading this far back misses none.
 */
const overlapMs = 30_000;

/** Keeps the revocations in memory, because each request asks: about 150 bytes a user. */
export const revocationList = (revocations: Revocations): RevocationList => {
  const known = new Map<UserId, Revocation>();
  let readToMs: InstantMs = 0;
  return {
    epochOf: (userId) => known.get(userId)?.tokenEpoch ?? 0,
    isRevokedSince(userId, issuedAtSeconds) {
      const found = known.get(userId);
      return found !== undefined && issuedAtSeconds * 1000 <= found.revokedAtMs;
    },
    isErased: (userId) => known.get(userId)?.isErased ?? false,
    async refresh() {
      const { revoked, nowMs } = await revocations.since(Math.max(0, readToMs - overlapMs));
      for (const one of revoked) {
        const isNewer = (known.get(one.userId)?.tokenEpoch ?? 0) < one.tokenEpoch;
        if (isNewer) known.set(one.userId, one);
      }
      readToMs = nowMs;
    },
  };
};
