import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import { isEndedReason } from "../../domain/place.ts";
import type { Journal, JournalEntry } from "../../ports/journal.ts";

const column = <T>(entries: readonly JournalEntry[], read: (entry: JournalEntry) => T): T[] =>
  entries.map(read);

const insertEntries = (
  concertId: ConcertId,
  queueEpoch: number,
  entries: readonly JournalEntry[],
) => ({
  name: "queue-journal-insert",
  text: `
    insert into queue_journal
      (concert_id, queue_epoch, n, kind, user_id, place_epoch, place_seq, at, active_until)
    select $1, $2, n, kind, user_id, place_epoch, place_seq,
      to_timestamp(at_ms / 1000.0), to_timestamp(until_ms / 1000.0)
    from unnest($3::bigint[], $4::text[], $5::uuid[], $6::int[], $7::bigint[], $8::bigint[], $9::bigint[])
      as entry (n, kind, user_id, place_epoch, place_seq, at_ms, until_ms)
    on conflict do nothing`,
  values: [
    concertId,
    queueEpoch,
    column(entries, ({ n }) => n),
    column(entries, ({ kind }) => kind),
    column(entries, ({ userId }) => userId),
    column(entries, ({ epoch }) => epoch),
    column(entries, ({ seq }) => seq),
    column(entries, ({ atMs }) => atMs),
    column(entries, ({ activeUntilMs }) => activeUntilMs),
  ],
});

/** The furthest end of each user, sorted by user id, so that every writer locks buyer rows in the same order. */
const furthestEnds = (entries: readonly JournalEntry[]): readonly JournalEntry[] => {
  const furthest = new Map<UserId, JournalEntry>();
  for (const entry of entries.filter(({ kind }) => isEndedReason(kind))) {
    const known = furthest.get(entry.userId);
    const isFurther =
      known === undefined ||
      entry.epoch > known.epoch ||
      (entry.epoch === known.epoch && entry.seq >= known.seq);
    if (isFurther) furthest.set(entry.userId, entry);
  }
  return [...furthest.values()].sort((a, b) => (a.userId < b.userId ? -1 : 1));
};

const raiseMarks = (concertId: ConcertId, ends: readonly JournalEntry[]) => ({
  name: "queue-journal-raise-marks",
  text: `
    insert into buyer (user_id, concert_id, ended_epoch, ended_seq, ended_reason, ended_at)
    select user_id, $1, place_epoch, place_seq, reason, to_timestamp(at_ms / 1000.0)
    from unnest($2::uuid[], $3::int[], $4::bigint[], $5::text[], $6::bigint[])
      as entry (user_id, place_epoch, place_seq, reason, at_ms)
    order by user_id
    on conflict (user_id, concert_id) do update
      set ended_epoch = excluded.ended_epoch, ended_seq = excluded.ended_seq,
        ended_reason = excluded.ended_reason, ended_at = excluded.ended_at
      where (buyer.ended_epoch, buyer.ended_seq) < (excluded.ended_epoch, excluded.ended_seq)`,
  values: [
    concertId,
    column(ends, ({ userId }) => userId),
    column(ends, ({ epoch }) => epoch),
    column(ends, ({ seq }) => seq),
    column(ends, ({ kind }) => kind),
    column(ends, ({ atMs }) => atMs),
  ],
});

/** The journal of the queues in PostgreSQL: entries and the ended marks of their buyers, in one transaction. */
export const pgJournal = (database: Database): Journal => ({
  async write(concertId, queueEpoch, entries) {
    if (entries.length === 0) return;
    const ends = furthestEnds(entries);
    const insert = insertEntries(concertId, queueEpoch, entries);
    if (ends.length === 0) {
      await database.query(insert);
      return;
    }
    await database.transaction(async (tx) => {
      // Every transaction locks buyer rows first, so that no two of them wait for each other.
      await tx.query(raiseMarks(concertId, ends));
      await tx.query(insert);
    });
  },
});
