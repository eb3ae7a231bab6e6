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
  /** Epochs that only tokens have shown so far. */
  const shown = new Map<UserId, number>();
  let readToMs: InstantMs = 0;
  const epochOf = (userId: UserId): number =>
    Math.max(byUser.get(userId)?.tokenEpoch ?? 0, shown.get(userId) ?? 0);
  return {
    epochOf,
    noteEpoch(userId, tokenEpoch) {
      if (tokenEpoch > epochOf(userId)) shown.set(userId, tokenEpoch);
    },
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
        if ((shown.get(one.userId) ?? 0) <= one.tokenEpoch) shown.delete(one.userId);
      }
      readToMs = nowMs;
    },
  };
};
