import type { Intent } from "#kernel/idempotency.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { Published } from "../../domain/published.ts";
import type { KeyUse, NewKeyUse } from "../../ports/concert-records.ts";

/** Rolls the transaction of a concert back whose key another request has used. */
export class KeyTaken extends Error {}

/** Waits for a parallel request with the key. False when that one has stored its concert. */
export const useKey = async (
  tx: Queryable,
  actor: string,
  { intent: { key, fingerprint }, concertId, answer }: NewKeyUse,
): Promise<boolean> => {
  const rows = await tx.query({
    text: `insert into operator_key_use (actor, key, fingerprint, concert_id, answer)
      values ($1, $2, $3, $4, $5) on conflict do nothing returning key`,
    values: [actor, key, fingerprint, concertId, JSON.stringify(answer)],
  });
  return rows.length > 0;
};

/** The request that a key names; null for an unused key. A key of the release before answers has none: reused. */
export const readKeyUse = async (
  db: Queryable,
  actor: string,
  { key, fingerprint }: Intent,
): Promise<KeyUse | null> => {
  const [use] = await db.query<{ fingerprint: string; answer: Published | null }>({
    text: `select fingerprint, answer from operator_key_use where actor = $1 and key = $2`,
    values: [actor, key],
  });
  if (use === undefined) return null;
  return use.fingerprint === fingerprint && use.answer !== null
    ? { kind: "replayed", answer: use.answer }
    : { kind: "key-reused" };
};
