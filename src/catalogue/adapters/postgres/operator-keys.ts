import type { Intent } from "#kernel/idempotency.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { AddOutcome } from "../../ports/concert-records.ts";

type KeyUse = Exclude<AddOutcome, { kind: "added" }>;

/** Rolls the transaction of a concert back whose key another request has used. */
export class KeyTaken extends Error {}

/** Waits for a parallel request with the key. False when that one has stored its concert. */
export const useKey = async (
  tx: Queryable,
  actor: string,
  { key, fingerprint }: Intent,
  concertId: ConcertId,
): Promise<boolean> => {
  const rows = await tx.query({
    text: `insert into operator_key_use (actor, key, fingerprint, concert_id)
      values ($1, $2, $3, $4) on conflict do nothing returning key`,
    values: [actor, key, fingerprint, concertId],
  });
  return rows.length > 0;
};

export const readKeyUse = async (
  db: Queryable,
  actor: string,
  { key, fingerprint }: Intent,
): Promise<KeyUse | null> => {
  const [use] = await db.query<{ fingerprint: string; concert_id: ConcertId }>({
    text: `select fingerprint, concert_id from operator_key_use where actor = $1 and key = $2`,
    values: [actor, key],
  });
  if (use === undefined) return null;
  return use.fingerprint === fingerprint
    ? { kind: "replayed", concertId: use.concert_id }
    : { kind: "key-reused" };
};
