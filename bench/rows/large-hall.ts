import { gzipSync } from "node:zlib";
import { cpuUse, type Watched } from "../measure/processes.ts";
import { dome } from "../test-bed/halls.ts";
import {
  ask,
  createConcert,
  joinAll,
  newUsers,
  openDoors,
  pause,
  untilActive,
  type SeatMapAnswer,
  type Show,
} from "../test-bed/setup.ts";
import { openTestBed, type Subject, type TestBed } from "../test-bed/test-bed.ts";
import type { Bench, Context, RowResult } from "./row.ts";

const dates = 3;
/** Users who hold the best two seats, one of them in the row H3, the others between the first map and the delta of H4. */
const buyers = 11;
const quietMs = 5_000;

interface Scene {
  readonly testBed: TestBed;
  readonly subject: Subject;
  readonly show: Show;
  readonly tokens: readonly string[];
}

const sell = async (
  context: Context,
  testBed: TestBed,
  subject: Subject,
  hall: object,
): Promise<Scene> => {
  const { concertId, shows } = await createConcert(testBed, subject, {
    ...{ dates, policy: openDoors },
    ...hall,
  });
  const [show] = shows;
  if (show === undefined) throw new RangeError("a concert without a show");
  const users = newUsers(buyers);
  const tokens = await joinAll(testBed, context.load, subject, { concertId, users });
  await untilActive(testBed, subject, concertId, users.length);
  return { testBed, subject, show, tokens };
};

const readMap = async ({ subject, show, tokens }: Scene, since = ""): Promise<string> => {
  const path = `/api/v1/concerts/${show.concertId}/dates/${show.date}/seat-map${since}`;
  return JSON.stringify(
    await ask<SeatMapAnswer>(subject, { method: "GET", path, token: tokens[0] ?? "" }),
  );
};

const hold = async ({ subject, show, tokens }: Scene, from: number, to: number): Promise<void> => {
  for (const token of tokens.slice(from, to)) {
    const body = { date: show.date, best: { count: 2 } };
    await ask(subject, { method: "POST", path: "/api/v1/reservations", token, body });
  }
};

const idleMs = ({ scale }: Context): number => (scale.quick ? 10_000 : 60_000);

/** Share of a core that the processes use while no request comes, in percent. */
const idleShare = async (
  context: Context,
  { testBed, subject }: Scene,
): Promise<Record<string, number>> => {
  // The database's work after a large insert is no cost of an idle sale.
  await testBed.sql("vacuum analyze");
  await testBed.sql("checkpoint");
  await pause(quietMs);
  context.log("H3: no request");
  const watched: Watched[] = [{ name: "server", pid: subject.pid }, ...testBed.stores];
  const used = (): number[] => watched.map((one) => cpuUse(one).totalMs);
  const before = used();
  const startedMs = performance.now();
  await pause(idleMs(context));
  const elapsedMs = performance.now() - startedMs;
  const after = used();
  return Object.fromEntries(
    watched.map(({ name }, n) => [name, (100 * ((after[n] ?? 0) - (before[n] ?? 0))) / elapsedMs]),
  );
};

const idleRow = (
  versions: TestBed["versions"],
  seconds: number,
  small: Readonly<Record<string, number>>,
  large: Readonly<Record<string, number>>,
): RowResult => {
  const words = (shares: Readonly<Record<string, number>>): string =>
    Object.entries(shares)
      .map(([name, share]) => `${name} ${share.toFixed(2)} %`)
      .join(", ");
  return {
    row: "H3",
    title: `idle sale of ${dome.seats.toLocaleString("en")} seats, ${dates} dates`,
    method: `The CPU time of the server and of all processes of PostgreSQL in ${seconds} s without a request. Before, ${buyers} users have become ACTIVE, one of them has read the map, and one has held two seats. The parts: ${words(large)}. The same with ${dates} dates of 50 seats: ${words(small)}.`,
    subject: null,
    floor: null,
    ratio: null,
    targets: [
      {
        what: "core",
        value: (large["server"] ?? 0) + (large["postgres"] ?? 0),
        unit: "%",
        bound: 5,
        atLeast: false,
      },
    ],
    remarks: [],
    versions,
  };
};

/** Half of the seats are sold here and there, which compresses worst. */
const sellHalf = async ({ testBed, show }: Scene): Promise<void> => {
  await testBed.sql("select setseed(0.5)");
  await testBed.sql(
    `update seat set status = 'SOLD', reservation_id = gen_random_uuid(), fence = fence + 1
     where concert_id = $1 and date = $2 and status = 'AVAILABLE' and random() < 0.5`,
    [show.concertId, show.date],
  );
};

const bytesRow = async (context: Context, scene: Scene): Promise<RowResult> => {
  const { testBed } = scene;
  await sellHalf(scene);
  await pause(quietMs);
  context.log("H4: reading the map");
  const map = await readMap(scene);
  const { version } = JSON.parse(map) as SeatMapAnswer;
  await hold(scene, 1, buyers);
  await pause(quietMs);
  const delta = await readMap(scene, `?since=${version}`);
  const { changes } = JSON.parse(delta) as SeatMapAnswer;
  if (changes?.length !== 2 * (buyers - 1))
    throw new Error(`H4: ${changes?.length} changes in ${delta.slice(0, 200)}`);
  const sizes = (text: string) => ({
    plain: Buffer.byteLength(text),
    packed: gzipSync(text).length,
  });
  const [whole, some] = [sizes(map), sizes(delta)];
  const bytes = (value: number): string => `${value.toLocaleString("en")} B`;
  return {
    row: "H4",
    title: `bytes of the map of ${dome.seats.toLocaleString("en")} seats`,
    method: `The sizes of the bodies after gzip, as a proxy that compresses sends them; the server itself does not compress them. The first map, half sold at random: ${bytes(whole.plain)} from the server. The delta after ${buyers - 1} holds of two seats: ${bytes(some.plain)}.`,
    subject: null,
    floor: null,
    ratio: null,
    targets: [
      { what: "first map", value: whole.packed, unit: "B", bound: 16_384, atLeast: false },
      { what: "delta", value: some.packed, unit: "B", bound: 1_024, atLeast: false },
    ],
    remarks: [],
    versions: testBed.versions,
  };
};

/** Opens a sale in stores of its own, and closes them after the work. */
const withSale = async <T>(
  context: Context,
  hall: object,
  work: (scene: Scene) => Promise<T>,
): Promise<T> => {
  const testBed = await openTestBed();
  try {
    const subject = await testBed.startSubject(context.subject);
    const scene = await sell(context, testBed, subject, hall);
    await readMap(scene);
    await hold(scene, 0, 1);
    return await work(scene);
  } finally {
    await testBed.close();
  }
};

/** H3 and H4: a large hall without requests, and the size of its maps. */
export const largeHall: Bench = {
  rows: ["H3", "H4"],
  async *run(context: Context): AsyncIterable<RowResult> {
    const small = context.wants("H3")
      ? await withSale(context, {}, (scene) => idleShare(context, scene))
      : null;
    const rows = await withSale(context, { seatingPlan: dome.plan() }, async (scene) => {
      const { versions } = scene.testBed;
      const found: RowResult[] = [];
      if (small !== null)
        found.push(
          idleRow(versions, idleMs(context) / 1_000, small, await idleShare(context, scene)),
        );
      if (context.wants("H4")) found.push(await bytesRow(context, scene));
      return found;
    });
    yield* rows;
  },
};
