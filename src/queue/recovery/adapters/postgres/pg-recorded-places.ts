import { toId, type UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { EndedReason } from "#kernel/place.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import { newestPlaceOf, type LastEntry, type RecordedPlace } from "../../domain/recorded-place.ts";
import type { RecordedPlaces } from "../../ports/recorded-places.ts";

interface Row {
  readonly userId: UserId;
  readonly endedEpoch: number | null;
  readonly endedSeq: number | null;
  readonly endedReason: EndedReason | null;
  readonly kind: LastEntry["kind"] | null;
  readonly epoch: number | null;
  readonly seq: number | null;
  readonly activeUntilMs: InstantMs | null;
  readonly hasBeenAdmitted: boolean | null;
  readonly reservationId: string | null;
  readonly expiresAtMs: InstantMs | null;
}

const firstUser = "00000000-0000-0000-0000-000000000000";

const readRow = (row: Row): RecordedPlace => {
  const { endedEpoch, endedSeq, endedReason, epoch, seq, reservationId, expiresAtMs } = row;
  const ended =
    endedReason === null
      ? null
      : { epoch: endedEpoch ?? 0, seq: endedSeq ?? 0, reason: endedReason };
  const lastEntry =
    row.kind === null
      ? null
      : {
          epoch: epoch ?? 0,
          seq: seq ?? 0,
          kind: row.kind,
          activeUntilMs: row.activeUntilMs,
          hasBeenAdmitted: row.hasBeenAdmitted ?? false,
        };
  const hold =
    reservationId === null || expiresAtMs === null
      ? null
      : { reservationId: toId<"reservation">(reservationId), expiresAtMs };
  return { userId: row.userId, ...newestPlaceOf({ ended, lastEntry, hold }) };
};

/** Reads the newest place of each user from the ended marks, the journal, and the holds that have not expired. */
export const pgRecordedPlaces = (database: Queryable): RecordedPlaces => ({
  async page(concertId, after, countMax) {
    const rows = await database.query<Row>({
      name: "queue-recorded-page",
      text: `
        with people as (
          (select distinct user_id from queue_journal
            where concert_id = $1 and user_id > $2 order by user_id limit $3)
          union
          (select user_id from buyer
            where concert_id = $1 and user_id > $2 and ended_reason is not null
            order by user_id limit $3)
          order by user_id limit $3
        )
        select people.user_id as "userId",
          buyer.ended_epoch as "endedEpoch", buyer.ended_seq as "endedSeq",
          buyer.ended_reason as "endedReason",
          last.kind, last.place_epoch as epoch, last.place_seq as seq,
          last.active_until as "activeUntilMs", last.admitted as "hasBeenAdmitted",
          hold.reservation_id as "reservationId", hold.expires_at as "expiresAtMs"
        from people
        left join buyer on buyer.user_id = people.user_id and buyer.concert_id = $1
          and buyer.ended_reason is not null
        left join lateral (
          select kind, place_epoch, place_seq, active_until, exists (
            select from queue_journal admission
            where admission.concert_id = $1 and admission.user_id = people.user_id
              and admission.kind = 'ADMITTED' and admission.place_epoch = noted.place_epoch
              and admission.place_seq = noted.place_seq
          ) as admitted
          from queue_journal noted
          where noted.concert_id = $1 and noted.user_id = people.user_id
          order by noted.queue_epoch desc, noted.n desc limit 1
        ) last on true
        left join reservation hold on hold.user_id = people.user_id and hold.concert_id = $1
          and hold.status = 'HELD' and hold.expires_at > clock_timestamp()
        order by people.user_id`,
      values: [concertId, after ?? firstUser, countMax],
    });
    return rows.map(readRow);
  },
});
