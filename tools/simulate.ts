import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, readQueue } from "../sdk/index.ts";
import { boundedFetch, makeFans, queueSeen, type Crowd } from "./simulate/crowd.ts";
import { runFan } from "./simulate/fan.ts";
import { momentOf, type Moment } from "./simulate/moments.ts";
import { readOptions, UsageError } from "./simulate/options.ts";
import { reportPage } from "./simulate/page.ts";
import { pauseText } from "./simulate/pauses.ts";
import { makeReport, waitsOf } from "./simulate/report.ts";
import { openSale } from "./simulate/sale.ts";
import { newTicketLife } from "./simulate/ticket-life.ts";
import { openDoors } from "./simulate/tickets.ts";
import { verify } from "./simulate/verify.ts";

// `npm run simulate -- --fans 5000` runs a sale against a running server. Fans join, wait, choose, pay, leave,
// are absent, or poll too often. Buyers give tickets back or pass them on, and all tickets are shown at doors. It ends with a report; the exit code is 1 when an invariant does not hold.
// --plan names the hall. --hoarders adds users who hold seats and never pay, --strict the limits against them.
// --url, --concert, --arrival and --seconds are described in simulate/options.ts. Ctrl-C ends the sale early,
// with a report of the time before.

const requestsAtOnce = 256;
/** As often as a real user would retry while a store is slow. */
const triesMax = 12;
/** The report has all of them. */
const faultsShown = 20;

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

/** Reads the queue as a stranger does. Runs once at a time. */
const queueReader = (crowd: Crowd) => {
  let isReading = false;
  return async (): Promise<void> => {
    if (isReading) return;
    isReading = true;
    const { client, concertId, signal } = crowd;
    const answer = await client.call(readQueue, { concertId }, { signal, retry: { triesMax: 1 } });
    crowd.queue = answer.ok ? queueSeen(answer.value) : null;
    isReading = false;
  };
};

/** Runs all fans, and records the state of the crowd and of the queue once a second. */
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
  const readNow = queueReader(crowd);
  const watch = setInterval(() => {
    record();
    void readNow();
  }, 1_000);
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
  const opened = await openSale(client, options);
  const { concertId } = opened;
  const crowd: Crowd = {
    client,
    ...opened,
    signal: endSignal(options.secondsMax),
    fans: makeFans(options.fans, options.hoarders),
    refusals: new Map(),
    mapFaults: new Set(),
    life: newTicketLife(),
    queue: null,
    requests: 0,
  };
  console.log(`Watch       ${options.url}/console/${concertId}`);
  console.log(`Join        ${options.url}/concerts/${concertId}`);
  const startedAt = new Date();
  const series = await runCrowd(crowd, options.arrivalSeconds);
  const endedMs = performance.now();
  await openDoors(crowd, options.operatorKey);
  await sleep(2_500); // The queue writes its journal into the database about once a second.
  const verdict = await verify(options, crowd);
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
  console.log(`Pause       ${pauseText(report.longestPause)}`);
  const { compared, best, together, standing } = verdict.holds;
  console.log(
    `Holds       ${compared} compared with the plan: ${best} chosen by the server, ${together} to be side by side, ${standing} standing places`,
  );
  console.log(`Tickets     ${JSON.stringify(report.tickets)}`);
  if (report.hoarding !== null) console.log(`Hoarders    ${JSON.stringify(report.hoarding)}`);
  console.log(`Endings     ${JSON.stringify(report.endings)}`);
  for (const fault of verdict.faults.slice(0, faultsShown)) console.log(`Fault       ${fault}`);
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
