import pg from "pg";
import { faultsIn, readDump } from "../../test/support/invariants.ts";
import type { Crowd } from "./crowd.ts";

export interface Verdict {
  /** False: there was no database at hand to look into. */
  readonly isChecked: boolean;
  readonly faults: readonly string[];
  readonly seatsSold: number;
  readonly revenue: number;
  /** Admissions of people who were there when their turn came. */
  readonly admissions: number;
  /** Of them: admitted after somebody who had joined later. */
  readonly outOfOrder: number;
}

interface AdmissionRow {
  readonly user_id: string;
  readonly epoch: number;
  readonly seq: number;
}

// Who was not there when his turn came was noted, and let in when he came back: that is no disorder.
const admissionsText = `
  select distinct on (line_epoch, n) user_id::text, place_epoch as epoch, place_seq::float8 as seq
  from line_journal j where concert_id = $1 and kind = 'ADMITTED'
    and not exists (
      select from line_journal a
      where a.concert_id = j.concert_id and a.user_id = j.user_id
        and a.kind in ('STEPPED_OVER', 'RETURNED'))
  order by line_epoch, n`;

/** How many of those who never slept were admitted after somebody of them with a later place. */
const countOutOfOrder = (rows: readonly AdmissionRow[], crowd: Crowd): number => {
  const steady = new Set(
    crowd.fans.filter(({ kind }) => kind !== "sleeper").map(({ userId }) => userId),
  );
  const seen = new Set<string>();
  let highest = -1;
  let count = 0;
  for (const { user_id: userId, epoch, seq } of rows) {
    if (!steady.has(userId) || seen.has(userId)) continue;
    seen.add(userId);
    const order = epoch * 2 ** 40 + seq;
    if (order < highest) count += 1;
    highest = Math.max(highest, order);
  }
  return count;
};

/** Looks into the database for everything that must hold whatever happened. */
export const verify = async (databaseUrl: string | null, crowd: Crowd): Promise<Verdict> => {
  if (databaseUrl === null) {
    const nothing = { faults: [], seatsSold: 0, revenue: 0, admissions: 0, outOfOrder: 0 };
    return { isChecked: false, ...nothing };
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const dump = await readDump(async <Row>(text: string) => {
      const { rows } = await client.query<Row & pg.QueryResultRow>(text);
      return rows;
    });
    const sold = dump.seats.filter(
      ({ show, status }) => show.startsWith(crowd.concertId) && status === "SOLD",
    );
    const { rows } = await client.query<AdmissionRow>(admissionsText, [crowd.concertId]);
    const bought = dump.reservations.filter(
      ({ concertId, status }) => concertId === crowd.concertId && status === "CONFIRMED",
    );
    return {
      isChecked: true,
      faults: faultsIn(dump),
      seatsSold: sold.length,
      revenue: bought.reduce((sum, { amount }) => sum + amount, 0),
      admissions: rows.length,
      outOfOrder: countOutOfOrder(rows, crowd),
    };
  } finally {
    await client.end();
  }
};
