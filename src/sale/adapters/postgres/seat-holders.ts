import type { ReservationId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { SeatStatus } from "../../domain/seat.ts";
import type { GradeSales, SeatHolders, SeatWithHolder } from "../../ports/seat-holders.ts";

interface Row {
  readonly seat_number: number;
  readonly grade: string;
  readonly price: number;
  readonly status: SeatStatus;
  readonly user_id: UserId | null;
  readonly reservation_id: ReservationId | null;
  readonly expires_at: InstantMs | null;
  readonly now: InstantMs;
}

const toSeat = (row: Row): SeatWithHolder => ({
  seatNumber: row.seat_number,
  grade: row.grade,
  price: row.price,
  status: row.status,
  holder:
    row.user_id === null || row.reservation_id === null
      ? null
      : { userId: row.user_id, reservationId: row.reservation_id },
  expiresAtMs: row.expires_at,
});

interface SalesRow extends GradeSales {
  readonly now: InstantMs;
}

// One clock for all rows, so that a hold that lapses during the statement is counted once.
const salesText = `
  with moment as materialized (select clock_timestamp() as now)
  select s.date, s.grade, s.price, m.now,
    (count(*) filter (where s.status = 'HELD' and s.expires_at > m.now))::int as held,
    (count(*) filter (where s.status = 'SOLD'))::int as sold,
    (count(*) filter (
      where s.status = 'AVAILABLE' or s.status = 'HELD' and s.expires_at <= m.now
    ))::int as available
  from seat s cross join moment m
  where s.concert_id = $1
  group by s.date, s.grade, s.price, m.now
  order by s.date, min(s.seat_number)`;

/** The seats with their holders in PostgreSQL: one indexed statement a call. */
export const pgSeatHolders = (database: Database): SeatHolders => ({
  async seats(concertId, date) {
    const rows = await database.query<Row>({
      name: "sale-seat-holders",
      text: `
        select s.seat_number, s.grade, s.price, s.status, r.user_id, r.reservation_id, s.expires_at,
          clock_timestamp() as now
        from seat s left join reservation r using (reservation_id)
        where s.concert_id = $1 and s.date = $2
        order by s.seat_number`,
      values: [concertId, date],
    });
    return { found: rows.map(toSeat), nowMs: Math.max(0, ...rows.map((row) => row.now)) };
  },

  async sales(concertId) {
    const rows = await database.query<SalesRow>({
      name: "sale-by-date-and-grade",
      text: salesText,
      values: [concertId],
    });
    return { found: rows.map(({ now: _, ...sales }) => sales), nowMs: rows[0]?.now ?? 0 };
  },
});
