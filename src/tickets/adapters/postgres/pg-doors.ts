import { DatabaseError } from "pg";
import type { TicketId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { readClock } from "#platform/postgres/clock.ts";
import { CommitUnknown, type Database, type Queryable } from "#platform/postgres/database.ts";
import {
  judgeScans,
  type CheckInId,
  type JudgedScan,
  type Scan,
  type ScannedTicket,
} from "../../domain/check-in.ts";
import { lockConcerts } from "./lock-concerts.ts";
import type { Doors, ExpectedTicket, RecordedScan, RecordOutcome } from "../../ports/doors.ts";

const column = <Row, Key extends keyof Row>(rows: readonly Row[], key: Key): Row[Key][] =>
  rows.map((row) => row[key]);

/** Of the scans the first whose show does not exist; null when all of them do. */
const findUnknownShow = async (tx: Queryable, scans: readonly Scan[]): Promise<number | null> => {
  const [row] = await tx.query<{ unknown: number | null }>({
    name: "check-in-shows",
    text: `select min(scan.n)::int as unknown
      from unnest($1::uuid[], $2::date[]) with ordinality as scan (concert_id, date, n)
      where not exists (
        select from show where show.concert_id = scan.concert_id and show.date = scan.date
      )`,
    values: [column(scans, "concertId"), column(scans, "date")],
  });
  const unknown = row?.unknown ?? null;
  return unknown === null ? null : unknown - 1;
};

/** Locks the tickets by their ids. Each other change of a ticket must lock it first too. */
const lockTickets = async (
  tx: Queryable,
  ticketIds: readonly TicketId[],
): Promise<Map<TicketId, ScannedTicket>> => {
  const rows = await tx.query<ScannedTicket & { ticketId: TicketId }>({
    name: "check-in-lock",
    text: `select ticket_id as "ticketId", concert_id as "concertId", date, status, version
      from ticket where ticket_id = any ($1::uuid[]) order by ticket_id for no key update`,
    values: [ticketIds],
  });
  return new Map(rows.map((row) => [row.ticketId, row]));
};

interface RecordedRow {
  readonly check_in_id: CheckInId;
  readonly fingerprint: string;
  readonly result: RecordedScan["result"];
  readonly ticket_id: TicketId | null;
  readonly used_at: InstantMs | null;
  readonly gate: string | null;
}

/** The scans with these ids that are recorded, each with the admission of its ticket. */
const readRecorded = (tx: Queryable, ids: readonly CheckInId[]): Promise<RecordedRow[]> =>
  tx.query<RecordedRow>({
    name: "check-in-read",
    text: `select c.check_in_id, c.fingerprint, c.result, c.ticket_id,
        a.scanned_at as used_at, a.gate
      from check_in c
      left join check_in a on a.ticket_id = c.ticket_id and a.result = 'ADMITTED'
      where c.check_in_id = any ($1::uuid[])`,
    values: [ids],
  });

const save = async (tx: Queryable, fresh: readonly JudgedScan[], actor: string): Promise<void> => {
  if (fresh.length === 0) return;
  await tx.query({
    name: "check-in-insert",
    text: `insert into check_in
        (check_in_id, concert_id, date, ticket_id, fingerprint, result, gate, scanned_at, actor)
      select id, concert_id, date, ticket_id, fingerprint, result, gate, to_timestamp(at / 1000), $9
      from unnest($1::uuid[], $2::uuid[], $3::date[], $4::uuid[], $5::text[], $6::text[], $7::text[],
        $8::float8[]) as scan (id, concert_id, date, ticket_id, fingerprint, result, gate, at)`,
    values: [
      column(fresh, "checkInId"),
      column(fresh, "concertId"),
      column(fresh, "date"),
      column(fresh, "ticketId"),
      column(fresh, "fingerprint"),
      column(fresh, "result"),
      column(fresh, "gate"),
      column(fresh, "scannedAtMs"),
      actor,
    ],
  });
  const admitted = fresh.filter(({ result }) => result === "ADMITTED");
  if (admitted.length === 0) return;
  await tx.query({
    name: "check-in-use",
    text: "update ticket set status = 'USED' where ticket_id = any ($1::uuid[])",
    values: [column(admitted, "ticketId")],
  });
};

const recordIn = async (
  tx: Queryable,
  scans: readonly Scan[],
  actor: string,
): Promise<RecordOutcome> => {
  const unknown = await findUnknownShow(tx, scans);
  if (unknown !== null) return { kind: "date-not-found", index: unknown };
  const cancelled = await lockConcerts(tx, column(scans, "concertId"));
  const tickets = await lockTickets(
    tx,
    scans.flatMap(({ ticketId }) => ticketId ?? []),
  );
  // Read after the locks: a statement that waited for a lock does not see what was inserted meanwhile.
  const ids = column(scans, "checkInId");
  const known = new Map((await readRecorded(tx, ids)).map((row) => [row.check_in_id, row]));
  const outcome = judgeScans({ tickets, known, cancelled, nowMs: await readClock(tx) }, scans);
  if (outcome.kind !== "judged") return outcome;
  await save(tx, outcome.fresh, actor);
  const recorded = new Map((await readRecorded(tx, ids)).map((row) => [row.check_in_id, row]));
  return {
    kind: "recorded",
    scans: ids.map((id) => {
      const row = recorded.get(id);
      if (row === undefined) throw new Error("a scan was not recorded");
      return {
        checkInId: row.check_in_id,
        result: row.result,
        ticketId: row.ticket_id,
        admission: row.used_at === null ? null : { usedAtMs: row.used_at, gate: row.gate },
      };
    }),
  };
};

/** Another request has recorded a scan with the same id meanwhile; the next try reads it. */
const isIdTaken = (error: unknown): boolean =>
  error instanceof DatabaseError && error.constraint === "check_in_pkey";

interface ExpectedRow {
  readonly ticket_id: TicketId | null;
  readonly seat_number: number;
  readonly status: ExpectedTicket["status"];
  readonly version: number;
  readonly holder_name: string | null;
  readonly used_at: InstantMs | null;
  readonly gate: string | null;
  readonly now: InstantMs;
}

const firstUuid = "00000000-0000-0000-0000-000000000000";

/** The admissions in PostgreSQL. */
export const pgDoors = (database: Database): Doors => ({
  async record(scans, actor) {
    const run = () => database.transaction((tx) => recordIn(tx, scans, actor));
    try {
      return await run();
    } catch (error) {
      // A second run finds the scans of a first one that was committed, and gives the same answers.
      if (isIdTaken(error) || error instanceof CommitUnknown) return run();
      throw error;
    }
  },

  async expected({ concertId, date }, { limit, after }) {
    const rows = await database.query<ExpectedRow>({
      name: "check-in-list",
      text: `select t.ticket_id, t.seat_number, t.status, t.version, t.holder_name, t.used_at, t.gate,
          clock_timestamp() as now
        from show s
        left join lateral (
          select t.ticket_id, t.seat_number, t.status, t.version, u.name as holder_name,
            a.scanned_at as used_at, a.gate
          from ticket t
          left join app_user u using (user_id)
          left join check_in a on a.ticket_id = t.ticket_id and a.result = 'ADMITTED'
          where t.concert_id = s.concert_id and t.date = s.date and t.ticket_id > $3
          order by t.ticket_id
          limit $4
        ) t on true
        where s.concert_id = $1 and s.date = $2
        order by t.ticket_id`,
      values: [concertId, date, after ?? firstUuid, limit],
    });
    const [first] = rows;
    if (first === undefined) return null;
    return {
      nowMs: first.now,
      tickets: rows.flatMap((row) =>
        row.ticket_id === null
          ? []
          : {
              ticketId: row.ticket_id,
              seatNumber: row.seat_number,
              status: row.status,
              version: row.version,
              holderName: row.holder_name,
              admission: row.used_at === null ? null : { usedAtMs: row.used_at, gate: row.gate },
            },
      ),
    };
  },
});
