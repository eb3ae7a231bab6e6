import type { ConcertId } from "#kernel/ids.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { Concert, ShowDate } from "../../domain/concert.ts";
import type { CorrectableFacts } from "../../ports/concert-records.ts";

/**
 * Each price that differs is updated. A batch that holds seats at the old price keeps its row until its commit. The
 * rows are locked by name, as batches lock them.
 */
const savePrices = (tx: Queryable, concertId: ConcertId, grades: Concert["grades"]) =>
  tx.query({
    text: `with changed as materialized (
        select g.name, new.price
        from unnest($2::text[], $3::bigint[]) as new (name, price)
        join grade g using (name)
        where g.concert_id = $1 and g.price <> new.price
        order by g.name
        for no key update of g
      )
      update grade set price = changed.price
      from changed
      where grade.concert_id = $1 and grade.name = changed.name`,
    values: [concertId, grades.map(({ name }) => name), grades.map(({ price }) => price)],
  });

/** Every date has the seats of the first one, so the database copies them: one statement, whatever the hall. */
const addDate = (tx: Queryable, { concertId, dates }: Concert, { date, startsAtMs }: ShowDate) =>
  tx.query({
    text: `with added as (
        insert into show (concert_id, date, starts_at)
        values ($1, $2::date, to_timestamp($3::bigint / 1000.0))
      )
      insert into seat (concert_id, date, seat_number, grade)
      select concert_id, $2::date, seat_number, grade
      from seat
      where concert_id = $1 and date = $4::date`,
    values: [concertId, date, startsAtMs, dates[0]?.date],
  });

const moveDate = (tx: Queryable, concertId: ConcertId, { date, startsAtMs }: ShowDate) =>
  tx.query({
    text: `update show set starts_at = to_timestamp($3::bigint / 1000.0)
      where concert_id = $1 and date = $2`,
    values: [concertId, date, startsAtMs],
  });

/**
 * Stores what differs from the concert, whose row is locked, and raises its version. Shows are locked before grades: the
 * global lock order.
 */
export const saveCorrection = async (
  tx: Queryable,
  concert: Concert,
  { title, venue, grades, dates }: CorrectableFacts,
): Promise<void> => {
  const { concertId } = concert;
  await tx.query({
    text: `update concert
      set title = $2, venue = $3, version = version + 1, facts_version = version + 1
      where concert_id = $1`,
    values: [concertId, title, venue],
  });
  for (const show of dates) {
    const before = concert.dates.find(({ date }) => date === show.date);
    if (before === undefined) await addDate(tx, concert, show);
    else if (before.startsAtMs !== show.startsAtMs) await moveDate(tx, concertId, show);
  }
  await savePrices(tx, concertId, grades);
};
