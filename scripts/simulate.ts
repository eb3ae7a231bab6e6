import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, createConcert } from "../sdk/index.ts";
import { boundedFetch, makeFans, type Crowd } from "./simulate/crowd.ts";
import { runFan } from "./simulate/fan.ts";
import { readOptions, Unfit, type Options } from "./simulate/options.ts";
import { reportPage } from "./simulate/page.ts";
import { makeReport, momentOf, waitsOf, type Moment } from "./simulate/report.ts";
import { verify } from "./simulate/verify.ts";

// `npm run simulate -- --fans 5000`: a sale with fans who join, wait, choose, pay, leave, sleep and hammer,
// against a server that runs. Ends with a report, and with exit code 1 when something did not hold.
// --url, --concert, --arrival and --seconds say where, in which sale, and for how long; see options.ts.

const requestsAtOnce = 256;
const dayMs = 86_400_000;

/** A sale of the simulation's own, so that its figures are nobody else's. */
const putOnSale = async (options: Options): Promise<string> => {
  if (options.operatorKey === null) {
    throw new Unfit("Name a sale with --concert, or set OPERATOR_KEY, so that one can be created.");
  }
  const client = createClient({ url: options.url });
  // Enough seats that there is something to see for a minute, and far too few for everybody.
  const dateCount = Math.min(20, Math.max(3, Math.ceil(options.fans / 500)));
  const dates = Array.from({ length: dateCount }, (_, n) => ({
    date: new Date(Date.now() + (30 + n) * dayMs).toISOString().slice(0, 10),
  }));
  const grades = [
    { name: "R", price: 132_000, seats: [1, 20] as const },
    { name: "S", price: 99_000, seats: [21, 50] as const },
  ];
  const policy = { admissionsPerMinute: 300, maxActive: 60, claimSeconds: 60, holdSeconds: 60 };
  const title = `Simulation with ${options.fans} fans`;
  const body = { title, venue: "Simulated Hall", dates, grades, policy };
  const created = await client.call(createConcert, { body }, { token: options.operatorKey });
  if (!created.ok) throw new Unfit(`The sale could not be created: ${created.code}.`);
  return created.value.concertId;
};

const barWidth = 24;

const showProgress = ({ fans }: Crowd, moment: Moment): void => {
  const done = fans.filter(({ stage }) => stage === "done").length;
  const full = Math.round((barWidth * done) / fans.length);
  const bar = "█".repeat(full) + "░".repeat(barWidth - full);
  const words = `${done}/${fans.length} done · ${moment.waiting} waiting · ${moment.shopping} shopping · ${moment.bought} bought · ${moment.second} s`;
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${bar} ${words}`);
  else if (moment.second % 10 === 0) process.stderr.write(`${words}\n`);
};

/** Lets everybody run, and notes once a second how they stand. */
const runCrowd = async (crowd: Crowd, arrivalSeconds: number): Promise<readonly Moment[]> => {
  const series: Moment[] = [];
  let second = 0;
  const note = (): void => {
    const moment = momentOf(crowd, second++);
    series.push(moment);
    showProgress(crowd, moment);
  };
  note();
  const watch = setInterval(note, 1_000);
  await Promise.all(
    crowd.fans.map((fan) => runFan(crowd, fan, Math.random() * arrivalSeconds * 1_000)),
  );
  clearInterval(watch);
  note();
  process.stderr.write("\n");
  return series;
};

const main = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2), process.env);
  const concertId = options.concertId ?? (await putOnSale(options));
  const fetch = boundedFetch(requestsAtOnce);
  const over = AbortSignal.timeout(options.secondsMax * 1_000);
  const crowd: Crowd = {
    client: createClient({ url: options.url, fetch, timeoutMs: 30_000 }),
    concertId,
    signal: over,
    fans: makeFans(options.fans),
    refusals: new Map(),
    requests: 0,
  };
  console.log(`Watch       ${options.url}/console/${concertId}`);
  console.log(`Stand by    ${options.url}/concerts/${concertId}`);
  const startedAt = new Date();
  const series = await runCrowd(crowd, options.arrivalSeconds);
  await sleep(2_500); // The line writes what it did to the database about once a second.
  const verdict = await verify(options.databaseUrl, crowd);
  const report = makeReport(crowd, options, verdict, { startedAt, series });
  mkdirSync(options.outFolder, { recursive: true });
  const name = join(options.outFolder, startedAt.toISOString().replaceAll(/[:.]/g, "-"));
  writeFileSync(`${name}.json`, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(`${name}.html`, reportPage(report, waitsOf(crowd.fans)));
  console.log(`Report      ${name}.html`);
  console.log(`Seats       ${report.seatsBought} bought; waits ${JSON.stringify(report.waits)}`);
  const held = report.allHold ? "all hold" : verdict.isChecked ? "BROKEN" : "not checked";
  console.log(`Invariants  ${held}`);
  if (!report.allHold && verdict.isChecked) process.exitCode = 1;
};

try {
  await main();
} catch (error) {
  if (!(error instanceof Unfit)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
