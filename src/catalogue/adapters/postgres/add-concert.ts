import type { ConcertId } from "#kernel/ids.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { Concert } from "../../domain/concert.ts";
import type { NewConcert } from "../../domain/new-concert.ts";
import { gradeRuns, type GradeRun } from "../../domain/seating-plan.ts";

const addGrades = (tx: Queryable, { concertId, grades }: Concert, runs: readonly GradeRun[]) => {
  const countOf = (name: string): number =>
    runs
      .filter(({ grade }) => grade === name)
      .reduce((sum, { firstSeat, lastSeat }) => sum + lastSeat - firstSeat + 1, 0);
  return tx.query({
    text: `insert into grade (concert_id, name, price, position, seat_count)
      select $1, name, price, n - 1, seat_count
      from unnest($2::text[], $3::bigint[], $4::int[]) with ordinality
        as grade (name, price, seat_count, n)`,
    values: [
      concertId,
      grades.map(({ name }) => name),
      grades.map(({ price }) => price),
      grades.map(({ name }) => countOf(name)),
    ],
  });
};

/** The database makes the rows from the runs, so a hall of 60,000 seats is a few parameters. */
const addSeats = (tx: Queryable, concertId: ConcertId, date: string, runs: readonly GradeRun[]) =>
  tx.query({
    text: `insert into seat (concert_id, date, seat_number, grade)
      select $1, $2, seat_number, run.grade
      from unnest($3::text[], $4::int[], $5::int[]) as run (grade, first_seat, last_seat)
      cross join lateral generate_series(run.first_seat, run.last_seat) as seat_number`,
    values: [
      concertId,
      date,
      runs.map(({ grade }) => grade),
      runs.map(({ firstSeat }) => firstSeat),
      runs.map(({ lastSeat }) => lastSeat),
    ],
  });

/** Stores a concert with its dates, plan, grades and seats. */
export const addConcert = async (tx: Queryable, { concert, plan }: NewConcert) => {
  await tx.query({
    text: `insert into concert
        (concert_id, title, venue, time_zone, currency, policy, draw_seed, version,
          description, poster_url, age_rating, published_at)
      values ($1, $2, $3, $4, $5, $6, decode($7, 'hex'), $8,
        $9, $10, $11, to_timestamp($12::bigint / 1000.0))`,
    values: [
      concert.concertId,
      concert.title,
      concert.venue,
      concert.timeZone,
      concert.currency,
      JSON.stringify(concert.policy),
      concert.drawSeed,
      concert.version,
      concert.description,
      concert.posterUrl,
      concert.ageRating,
      concert.publishedAtMs,
    ],
  });
  await tx.query({
    text: `insert into show (concert_id, date, starts_at)
      select $1, date, to_timestamp(starts_at_ms / 1000.0)
      from unnest($2::date[], $3::bigint[]) as show (date, starts_at_ms)`,
    values: [
      concert.concertId,
      concert.dates.map(({ date }) => date),
      concert.dates.map(({ startsAtMs }) => startsAtMs),
    ],
  });
  await tx.query({
    text: `insert into seating_plan (concert_id, plan) values ($1, $2)`,
    values: [concert.concertId, JSON.stringify(plan)],
  });
  const runs = gradeRuns(plan);
  await addGrades(tx, concert, runs);
  for (const { date } of concert.dates) await addSeats(tx, concert.concertId, date, runs);
};
