import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { EndedReason } from "#kernel/place.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import { seqAfterLobby } from "../../../admission/domain/place.ts";
import type { JournalEntry } from "../../../admission/ports/journal.ts";
import type { History, QueuesOfUser, TurnTimes } from "../../ports/place-records.ts";

type EntryRow = Omit<JournalEntry, "n" | "userId">;

const entriesText = `
  select kind, place_epoch as epoch, place_seq as seq, at as "atMs", active_until as "activeUntilMs"
  from (
    select * from queue_journal
    where concert_id = $1 and user_id = $2
    order by queue_epoch desc, n desc
    limit $3
  ) newest
  order by queue_epoch, n`;

const endedText = `
  select ended_epoch as epoch, ended_seq as seq, ended_reason as reason, ended_at as "atMs"
  from buyer
  where concert_id = $1 and user_id = $2 and ended_reason is not null`;

const concertsText = `
  select concert_id from (
    select concert_id from buyer where user_id = $1 and ended_reason is not null
    union
    select running.concert_id from unnest($2::uuid[]) running (concert_id)
    where exists (select from queue_journal j where j.concert_id = running.concert_id and j.user_id = $1)
  ) known
  order by concert_id desc
  limit $3`;

const joinedText = `
  select at
  from queue_sample
  where concert_id = $1 and queue_epoch = $2 and last_issued >= $3
  order by last_issued, at
  limit 1`;

/** 1,000 waits are enough for the 99th percentile, and reading them takes about 10 ms. */
const newestMax = 4_000;
const sampleMax = 1_000;

const newest = `
  newest as (
    select user_id, kind, place_epoch, place_seq, at, queue_epoch, n
    from queue_journal
    where concert_id = $1
      and queue_epoch = (select epoch from queue_epoch where concert_id = $1)
    order by n desc
    limit ${newestMax}
  )`;

/**
 * Only the first admission of a place ends its wait; a second one follows an absence of the user. A place
 * issued after the lobby of a lottery counts from a fixed offset. A place in the lobby has no number; its
 * wait starts at the draw, which is later than any sample of the lobby.
 */
const waitsText = `
  with ${newest}
  select percentile_disc(array[0.5, 0.9, 0.99]) within group (order by wait) as percentiles
  from (
    select greatest(0, extract(epoch from admitted.at - greatest(
      joined.at, to_timestamp($2::bigint / 1000.0)
    )))::float8 as wait
    from (
      select * from newest
      where kind = 'ADMITTED' and not exists (
        select from queue_journal earlier
        where earlier.concert_id = $1 and earlier.user_id = newest.user_id
          and earlier.kind = 'ADMITTED' and earlier.place_epoch = newest.place_epoch
          and earlier.place_seq = newest.place_seq
          and (earlier.queue_epoch, earlier.n) < (newest.queue_epoch, newest.n)
      )
      limit ${sampleMax}
    ) admitted
    cross join lateral (
      select at from queue_sample
      where concert_id = $1 and queue_epoch = admitted.place_epoch
        and last_issued >= admitted.place_seq
          - case when admitted.place_seq > ${seqAfterLobby(0)} then ${seqAfterLobby(0)} else 0 end
      order by last_issued, at
      limit 1
    ) joined
  ) waits`;

/** A turn lasts from an admission to the next entry of the place. A skipped user had no turn. */
const turnsText = `
  with ${newest}
  select avg(extract(epoch from over.at - before.at))::float8 as seconds
  from (
    select * from newest
    where kind in ('PAID', 'LEFT', 'LAPSED', 'STEPPED_OVER')
    limit ${sampleMax}
  ) over
  cross join lateral (
    select kind, at from queue_journal
    where concert_id = $1 and user_id = over.user_id
      and place_epoch = over.place_epoch and place_seq = over.place_seq
      and (queue_epoch, n) < (over.queue_epoch, over.n)
    order by queue_epoch desc, n desc
    limit 1
  ) before
  where before.kind = 'ADMITTED'`;

const secondsOf = (seconds: number): number => Math.round(Math.max(0, seconds) * 10) / 10;

const waitsOf = (percentiles: readonly number[] | null): TurnTimes["waitSeconds"] => {
  const [p50, p90, p99] = percentiles ?? [];
  if (p50 === undefined || p90 === undefined || p99 === undefined) return null;
  return { p50: secondsOf(p50), p90: secondsOf(p90), p99: secondsOf(p99) };
};

/** Reads the queue's journal in PostgreSQL. */
export const pgHistory = (database: Queryable): History & QueuesOfUser => ({
  async placesOf(concertId, userId, entriesMax) {
    const [entries, [ended]] = await Promise.all([
      database.query<EntryRow>({
        name: "queue-history-entries",
        text: entriesText,
        values: [concertId, userId, entriesMax],
      }),
      database.query<{
        epoch: number;
        seq: number;
        reason: EndedReason;
        atMs: InstantMs | null;
      }>({
        name: "queue-history-ended",
        text: endedText,
        values: [concertId, userId],
      }),
    ]);
    return { entries, ended: ended ?? null };
  },

  async concertsOf(userId, running, limit) {
    const rows = await database.query<{ concert_id: ConcertId }>({
      name: "queue-history-concerts",
      text: concertsText,
      values: [userId, running, limit],
    });
    return rows.map(({ concert_id: concertId }) => concertId);
  },

  async joinedAtMs(concertId, epoch, number) {
    const [row] = await database.query<{ at: InstantMs }>({
      name: "queue-history-joined",
      text: joinedText,
      values: [concertId, epoch, number],
    });
    return row?.at ?? null;
  },

  async turnTimes(concertId, drawnAtMs) {
    const [[waits], [turns]] = await Promise.all([
      database.query<{ percentiles: number[] | null }>({
        name: "queue-history-waits",
        text: waitsText,
        values: [concertId, drawnAtMs],
      }),
      database.query<{ seconds: number | null }>({
        name: "queue-history-turns",
        text: turnsText,
        values: [concertId],
      }),
    ]);
    const seconds = turns?.seconds ?? null;
    return {
      waitSeconds: waitsOf(waits?.percentiles ?? null),
      turnSeconds: seconds === null ? null : secondsOf(seconds),
    };
  },
});
