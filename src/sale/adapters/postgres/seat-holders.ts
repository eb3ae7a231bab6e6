import type { InstantMs } from "#kernel/instant.ts";
import { planSeatsMax } from "#kernel/seating-plan.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { GradeSales, SeatHolders, SeatWithHolder } from "../../ports/seat-holders.ts";

interface Clock {
  readonly now: InstantMs;
}

/** The rows as of the latest of their clocks. */
const asOfLatest = <Row extends Clock>(rows: readonly Row[]) => ({
  found: rows.map(({ now: _, ...row }) => row),
  nowMs: Math.max(0, ...rows.map(({ now }) => now)),
});

// One clock for all rows, so that a hold that lapses during the statement is counted once. The grades know how many
// seats they have, so free seats are not counted.
const salesText = `
  with moment as materialized (select clock_timestamp() as now),
  taken as (
    select s.date, s.grade,
      (count(*) filter (where s.status = 'HELD' and s.expires_at > m.now))::int as held,
      (count(*) filter (where s.status = 'SOLD'))::int as sold,
      coalesce(sum(l.price) filter (where s.status = 'SOLD'), 0)::int8 as revenue
    from reservation_seat l
    join seat s using (concert_id, date, seat_number)
    cross join moment m
    where l.concert_id = $1 and l.live
    group by s.date, s.grade
  )
  select sh.date, g.name as grade, g.price, m.now,
    coalesce(t.held, 0) as held,
    coalesce(t.sold, 0) as sold,
    coalesce(k.seats, 0) as blocked,
    g.seat_count - coalesce(t.held, 0) - coalesce(t.sold, 0) - coalesce(k.seats, 0) as available,
    coalesce(t.revenue, 0) as revenue
  from show sh
  join grade g using (concert_id)
  cross join moment m
  left join taken t on t.date = sh.date and t.grade = g.name
  left join blocked_seats k on k.concert_id = $1 and k.date = sh.date and k.grade = g.name
  where sh.concert_id = $1 and g.seat_count > 0
  order by sh.date, g.position`;

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

  sales: async (concertId) =>
    asOfLatest(
      await database.query<GradeSales & Clock>({
        name: "sale-by-date-and-grade",
        text: salesText,
        values: [concertId],
      }),
    ),
});
