import type { InstantMs } from "#kernel/instant.ts";
import { planSeatsMax } from "#kernel/seating-plan.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { SeatHolders, SeatWithHolder } from "../../ports/seat-holders.ts";

interface Clock {
  readonly now: InstantMs;
}

/** The rows as of the latest of their clocks. */
const asOfLatest = <Row extends Clock>(rows: readonly Row[]) => ({
  found: rows.map(({ now: _, ...row }) => row),
  nowMs: Math.max(0, ...rows.map(({ now }) => now)),
});

/** The seats with their holders in PostgreSQL: one indexed statement a call. */
export const pgSeatHolders = (database: Database): SeatHolders => ({
  seats: async (concertId, date, seatNumber) =>
    asOfLatest(
      await database.query<SeatWithHolder & Clock>({
        name: "sale-seat-holders",
        text: `
          select s.seat_number as "seatNumber", s.grade, coalesce(l.price, g.price) as price, s.status,
            case when r.reservation_id is not null
              then jsonb_build_object('userId', r.user_id, 'reservationId', r.reservation_id)
            end as holder,
            t.ticket_id as "ticketId",
            s.expires_at as "expiresAtMs", clock_timestamp() as now
          from seat s
          join grade g on g.concert_id = s.concert_id and g.name = s.grade
          left join reservation r using (reservation_id)
          left join reservation_seat l using (reservation_id, seat_number)
          left join ticket t on t.concert_id = s.concert_id and t.date = s.date
            and t.seat_number = s.seat_number and t.status <> 'VOID'
          where s.concert_id = $1 and s.date = $2 and s.seat_number between $3 and $4
          order by s.seat_number`,
        values: [concertId, date, seatNumber ?? 1, seatNumber ?? planSeatsMax],
      }),
    ),
});
