import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { makeFans, type Crowd, type Fan } from "../../tools/simulate/crowd.ts";
import { newTicketLife } from "../../tools/simulate/ticket-life.ts";
import { verify } from "../../tools/simulate/verify.ts";
import { createClient, getSeatingPlan, type Ticket } from "../../sdk/index.ts";
import { smallHall } from "#test/support/halls.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// `npm run simulate` against a real server: it ends by itself, and its judge finds what is planted.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";
const folder = mkdtempSync(join(tmpdir(), "frontrow-simulation-"));
after(() => rmSync(folder, { recursive: true }));
const program = join(import.meta.dirname, "../../tools/simulate.ts");

interface Report {
  readonly concertId: string;
  readonly allHold: boolean;
  readonly seatsBought: number;
  readonly tickets: Readonly<
    Record<"refunded" | "passedOn" | "admitted" | "oldCodesRefused", number>
  >;
  readonly endings: Readonly<Record<string, number>>;
  readonly series: readonly unknown[];
  readonly database: Readonly<Record<string, unknown>> & {
    readonly holds: Readonly<Record<"compared" | "best" | "together" | "standing", number>>;
  };
}

const start = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
  const out = mkdtempSync(join(folder, "run-"));
  const { databaseUrl: DATABASE_URL, operatorKey: OPERATOR_KEY } = deployment;
  const env = { ...process.env, DATABASE_URL, OPERATOR_KEY, ...environment };
  const words = [program, "--url", url, "--out", out, ...args];
  const child = spawn(process.execPath, words, { env, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")));
  const ended = once(child, "exit").then(([code]) => ({ code: code as number | null, printed }));
  return { child, out, ended, printed: () => printed };
};

const filesIn = (out: string): { report: Report; page: string } => {
  const named = (end: string): string =>
    readFileSync(join(out, readdirSync(out).find((name) => name.endsWith(end)) ?? ""), "utf8");
  return { report: JSON.parse(named(".json")) as Report, page: named(".html") };
};

const admittedOf = (report: Report): number =>
  ["bought", "abandoned", "no-seat", "lost-hold"].reduce(
    (sum, name) => sum + (report.endings[name] ?? 0),
    0,
  );

test("a simulated sale ends by itself, with a report that all invariants hold", async () => {
  const run = start(["--fans", "60", "--arrival", "2", "--rate", "600", "--seconds", "60"]);
  const { code, printed } = await run.ended;
  assert.equal(code, 0, printed);
  const { report, page } = filesIn(run.out);
  assert.equal(report.allHold, true);
  assert.ok(report.seatsBought > 0);
  assert.equal(report.endings["time-over"], undefined, JSON.stringify(report.endings));
  assert.equal(report.endings["refused"], undefined, JSON.stringify(report.endings));
  const sleepers = admittedOf(report) - Number(report.database["compared"]);
  assert.ok(sleepers < admittedOf(report) / 2, "most of those admitted are compared");
  assert.equal(report.database["seatsSold"], report.seatsBought);
  assert.match(page, /All invariants hold/);
  assert.match(printed, /^Pause +\d+ s without an admission from second \d+ on: \d+ s [A-Z_]+/m);
  assert.match(page, /<p>Longest pause: \d+ s without an admission/);
  assert.equal(page.match(/<svg /g)?.length, 4);
  assert.doesNotMatch(page, /<script|https?:\/\/(?!127\.0\.0\.1|www\.w3\.org)/);
});

test("a simulated sale of a hall with standing places sells seats by number and best seats, and all invariants hold", async () => {
  const file = join(folder, "hall.json");
  writeFileSync(file, JSON.stringify(smallHall));
  const run = start([
    ...["--plan", file, "--fans", "120", "--arrival", "2", "--rate", "1200", "--seconds", "90"],
  ]);
  const { code, printed } = await run.ended;
  assert.equal(code, 0, printed);
  const { report } = filesIn(run.out);
  const { refunded, passedOn, admitted, oldCodesRefused } = report.tickets;
  assert.ok(refunded > 0 && passedOn > 0, printed);
  assert.deepEqual([admitted, oldCodesRefused], [report.seatsBought, passedOn], printed);
  const { compared, best, together, standing } = report.database.holds;
  assert.ok(compared > best && best > together && together > 0 && standing > 0, printed);
  assert.equal(report.endings["refused"], undefined, JSON.stringify(report.endings));
  assert.equal(report.database["seatsSold"], report.seatsBought);
  const { body } = await sale.call({ path: `/api/v1/concerts/${report.concertId}/seating-plan` });
  assert.equal((body as { seatsTotal: number }).seatsTotal, 100);
});

const hallOf = async (concertId: string): Promise<Crowd["hall"]> => {
  const hall = await createClient({ url }).call(getSeatingPlan, { concertId });
  return hall.ok ? hall.value : assert.fail(hall.code);
};

/** The fans of a small sale that was bought out of band, as the simulation knows them. */
const crowdOf = async (concertId: string, known: readonly Partial<Fan>[]): Promise<Crowd> => ({
  ...({} as Pick<Crowd, "client">),
  concertId,
  hall: await hallOf(concertId),
  seatsMax: 4,
  signal: AbortSignal.timeout(60_000),
  fans: makeFans(known.length).map((fan, n) => ({ ...fan, kind: "buyer", ...known[n] })),
  refusals: new Map(),
  mapFaults: new Set(),
  life: newTicketLife(),
  queue: null,
  requests: 0,
});

test("the check of a simulation finds a wrong order of admission, and a ticket of another user", async () => {
  const { concertId, dates } = await sale.onSale({});
  const known: { userId: string; tickets: Ticket[] }[] = [];
  for (const seat of [1, 2, 3]) {
    const placed = await sale.admitted(await sale.fan({ balance: 1_000 }), concertId);
    const wanted = { date: dates[0] ?? "", seatNumbers: [seat] };
    const { reservationId } = await sale.reserved(placed, wanted);
    const paid = await sale.pay(placed, reservationId);
    const { tickets } = paid.body as unknown as { tickets: Ticket[] };
    known.push({ userId: placed.userId, tickets });
  }
  const { databaseUrl } = deployment;
  const check = async () =>
    verify({ databaseUrl, operatorKey: null }, await crowdOf(concertId, known));
  const deadlineMs = performance.now() + 60_000;
  let fair = await check();
  while (fair.compared < 3 && performance.now() < deadlineMs) {
    await sleep(100);
    fair = await check();
  }
  const { compared, outOfOrder, ticketsMissing, seatsSold, revenue } = fair;
  assert.deepEqual(
    { compared, outOfOrder, ticketsMissing, seatsSold, revenue },
    { compared: 3, outOfOrder: 0, ticketsMissing: 0, seatsSold: 3, revenue: 3_000 },
  );
  await deployment.sql(
    "update queue_journal set place_seq = 9 where concert_id = $1 and user_id = $2 and kind = 'ADMITTED'",
    [concertId, known[0]?.userId],
  );
  assert.equal((await check()).outOfOrder, 2);
  const [first, second] = known;
  for (const fan of [first, second]) {
    const [ticket] = fan?.tickets ?? [];
    if (fan === undefined || ticket === undefined) assert.fail();
    fan.tickets = [{ ...ticket, ticketId: crypto.randomUUID() }];
  }
  assert.equal((await check()).ticketsMissing, 2);
});

test("Ctrl-C ends a simulation early, with a report of the time before", async () => {
  const run = start(["--fans", "30", "--arrival", "60", "--rate", "1"]);
  const deadlineMs = performance.now() + 60_000;
  while (!run.printed().includes("Join  ") && performance.now() < deadlineMs) await sleep(50);
  await sleep(1_000);
  run.child.kill("SIGINT");
  const { code, printed } = await run.ended;
  assert.equal(code, 0, printed);
  assert.ok(Number(filesIn(run.out).report.endings["time-over"]) > 0);
});

test("a closed sale ends the simulation, and the report says so", async () => {
  const { concertId } = await sale.onSale({ policy: { maxActive: 1 } });
  const run = start(["--fans", "20", "--arrival", "1", "--concert", concertId]);
  await sleep(3_000);
  await sale.admin("POST", `/concerts/${concertId}/queue/close`);
  const { code, printed } = await run.ended;
  assert.equal(code, 0, printed);
  assert.ok(Number(filesIn(run.out).report.endings["closed"]) > 0, printed);
});

const refused: readonly [string, readonly string[], RegExp][] = [
  ["a remote server needs --allow-remote", ["--url", "http://frontrow.invalid"], /remote/],
  ["the number of fans is bounded", ["--fans", "20001"], /1 to 20000/],
  ["the time is bounded", ["--seconds", "3601"], /1 to 3600/],
  ["an unknown option prints the usage", ["--fan", "5"], /Usage/],
  ["a concert is named by its id", ["--concert", "winter"], /id of a concert/],
  ["a plan must be there", ["--plan", "winter"], /arena, fifty-seats, theatre or/],
  ["a file must be a plan", ["--plan", "tools/simulate.ts"], /arena, fifty-seats, theatre or/],
  ["a concert must be there", ["--concert", crypto.randomUUID()], /CONCERT_NOT_FOUND/],
  ["a server must be there", ["--url", "http://127.0.0.1:9"], /npm start/],
];
for (const [title, args, words] of refused)
  test(`${title}: ${args.join(" ").replace(/[0-9a-f-]{36}/, "…")}`, async () => {
    const { code, printed } = await start(args).ended;
    assert.deepEqual([code, words.test(printed)], [2, true], printed);
  });
