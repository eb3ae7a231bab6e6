import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, createConcert, getConcert, type Client } from "../sdk/index.ts";
import { boundedFetch, makeFans, type Crowd } from "./simulate/crowd.ts";
import { runFan } from "./simulate/fan.ts";
import { readOptions, UsageError, type Options } from "./simulate/options.ts";
import { reportPage } from "./simulate/page.ts";
import { makeReport, momentOf, waitsOf, type Moment } from "./simulate/report.ts";
import { verify } from "./simulate/verify.ts";

// `npm run simulate -- --fans 5000` runs a sale against a running server. Fans join, wait, choose, pay, leave,
// are absent, or poll too often. It ends with a report; the exit code is 1 when an invariant does not hold.
// --hoarders adds users who hold seats and never pay, --strict the limits against them.
// --url, --concert, --arrival and --seconds are described in simulate/options.ts. Ctrl-C ends the sale early,
// with a report of the time before.

const requestsAtOnce = 256;
/** As often as a real user would retry while a store is slow. */
const triesMax = 12;
const dayMs = 86_400_000;

const seatsADate = 50;
/** The average of the fans in shopper.ts, who choose one or two seats. */
const seatsABuyer = 1.25;
const saleMinutes = 2;

/** Creates a concert for the simulation, so that its figures include no other user. */
const createSale = async (options: Options): Promise<string> => {
  if (options.operatorKey === null) {
    throw new UsageError("Name a concert with --concert, or set OPERATOR_KEY to create one.");
  }
  const client = createClient({ url: options.url, retry: { triesMax: 2 } });
  // Enough seats for a sale of some minutes, and far fewer than fans.
  const dateCount = Math.min(20, Math.max(3, Math.ceil(options.fans / 500)));
  const dates = Array.from({ length: dateCount }, (_, n) => ({
    date: new Date(Date.now() + (30 + n) * dayMs).toISOString().slice(0, 10),
  }));
  const grades = [
    { name: "R", price: 132_000, seats: [1, 20] as const },
    { name: "S", price: 99_000, seats: [21, 50] as const },
  ];
  const turns = Math.min(options.fans, (dateCount * seatsADate) / seatsABuyer);
  const admissionsPerMinute = options.admissionsPerMinute ?? Math.ceil(turns / saleMinutes);
  // A fan who holds seats and never pays keeps other fans waiting: the report should show it.
  const times = { claimSeconds: 60, sessionSeconds: 60, holdSeconds: 40 };
  const limits = { holdsPerUser: 10, holdCooldownSeconds: 60, idleSeconds: 180 };
  const policy = {
    admissionsPerMinute,
    maxActive: 60,
    ...times,
    ...(options.isStrict && limits),
  };
  const title = `Simulation with ${options.fans} fans`;
  const body = { title, venue: "Simulated Hall", dates, grades, policy };
  const created = await client.call(createConcert, { body }, { token: options.operatorKey });
  if (!created.ok) throw new UsageError(refusalMessage(options, created.code));
  return created.value.concertId;
};

const refusalMessage = ({ url }: Options, code: string): string => {
  if (code === "NO_ANSWER") return `No server answers at ${url}. Start one with npm start.`;
  if (code === "OPERATOR_KEY_INVALID")
    return `OPERATOR_KEY is not the key of the server at ${url}.`;
  return `${url} refused: ${code}.`;
};

/** Returns the id of the named concert when it exists. */
const findSale = async (client: Client, options: Options, concertId: string): Promise<string> => {
  const found = await client.call(getConcert, { concertId }, { retry: { triesMax: 2 } });
  if (!found.ok) throw new UsageError(refusalMessage(options, found.code));
  return concertId;
};

/** A signal that aborts at the end of the time, and on Ctrl-C. */
const endSignal = (secondsMax: number): AbortSignal => {
  const interrupted = new AbortController();
  process.once("SIGINT", () => {
    process.stderr.write("\nThe sale ends early.\n");
    interrupted.abort();
  });
  return AbortSignal.any([AbortSignal.timeout(secondsMax * 1_000), interrupted.signal]);
};

const barWidth = 24;

/** Shows a progress bar in a terminal; otherwise a line every ten seconds. */
const showProgress = ({ fans }: Crowd, moment: Moment, isNextTen: boolean): void => {
  const done = fans.filter(({ stage }) => stage === "done").length;
  const full = Math.round((barWidth * done) / fans.length);
  const bar = "█".repeat(full) + "░".repeat(barWidth - full);
  const words = `${done}/${fans.length} done · ${moment.waiting} waiting · ${moment.shopping} shopping · ${moment.bought} bought · ${moment.second} s`;
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${bar} ${words}`);
  else if (isNextTen) process.stderr.write(`${words}\n`);
};

/** Runs all fans, and records the state of the crowd once a second. */
const runCrowd = async (crowd: Crowd, arrivalSeconds: number): Promise<readonly Moment[]> => {
  const series: Moment[] = [];
  const startedMs = performance.now();
  const record = (): void => {
    // By the clock: on a busy machine a timer fires late.
    const moment = momentOf(crowd, Math.round((performance.now() - startedMs) / 1_000));
    const isNextTen =
      Math.floor(moment.second / 10) !== Math.floor((series.at(-1)?.second ?? -1) / 10);
    series.push(moment);
    showProgress(crowd, moment, isNextTen);
  };
  record();
  const watch = setInterval(record, 1_000);
  await Promise.all(
    crowd.fans.map((fan) => runFan(crowd, fan, Math.random() * arrivalSeconds * 1_000)),
  );
  clearInterval(watch);
  record();
  process.stderr.write("\n");
  return series;
};

const main = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2), process.env);
  const fetch = boundedFetch(requestsAtOnce);
  const client = createClient({
    url: options.url,
    fetch,
    timeoutMs: 30_000,
    retry: { triesMax },
  });
  const concertId = await (options.concertId === null
    ? createSale(options)
    : findSale(client, options, options.concertId));
  const crowd: Crowd = {
    client,
    concertId,
    signal: endSignal(options.secondsMax),
    fans: makeFans(options.fans, options.hoarders),
    refusals: new Map(),
    requests: 0,
  };
  console.log(`Watch       ${options.url}/console/${concertId}`);
  console.log(`Join        ${options.url}/concerts/${concertId}`);
  const startedAt = new Date();
  const series = await runCrowd(crowd, options.arrivalSeconds);
  const endedMs = performance.now();
  await sleep(2_500); // The queue writes its journal into the database about once a second.
  const verdict = await verify(options.databaseUrl, crowd);
  const report = makeReport(crowd, options, verdict, { startedAt, series, endedMs });
  mkdirSync(options.outFolder, { recursive: true });
  const name = join(options.outFolder, startedAt.toISOString().replaceAll(/[:.]/g, "-"));
  writeFileSync(`${name}.json`, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(`${name}.html`, reportPage(report, waitsOf(crowd.fans)));
  console.log(`Report      ${name}.html`);
  const waits = Object.entries(report.waits ?? {}).map(([name, value]) => `${name} ${value} s`);
  console.log(
    `Seats       ${report.seatsBought} bought by this crowd, ${verdict.seatsSold} sold in all`,
  );
  console.log(`Waits       ${waits.join(", ") || "no user was admitted"}`);
  if (report.hoarding !== null) console.log(`Hoarders    ${JSON.stringify(report.hoarding)}`);
  console.log(`Endings     ${JSON.stringify(report.endings)}`);
  const held = report.allHold ? "all hold" : verdict.isChecked ? "BROKEN" : "not checked";
  console.log(`Invariants  ${held}`);
  if (!report.allHold && verdict.isChecked) process.exitCode = 1;
};

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
