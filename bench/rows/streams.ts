import { startBareStreams } from "../floors/bare-streams.ts";
import { openListeners, type Listeners } from "../load/listeners.ts";
import { encodeRequest, writeRequests } from "../load/request-book.ts";
import { residentBytes } from "../measure/processes.ts";
import { createConcert, joinAll, newFile, newUsers, openDoors, operate } from "../stage/crowd.ts";
import { openStage, type Stage, type Subject } from "../stage/stage.ts";
import { pollRequest } from "./polls.ts";
import type { Bench, Context, RowResult } from "./row.ts";

const perSecond = 1_000;
const settleMs = 5_000;
const mark = '"status":"ACTIVE"';
const kilobyte = 1_024;
/** Enough seats that the stock never limits. */
const dates = 4;

const pause = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, durationMs));

/** Headers and first event of a stream, as the bare server is to send them. */
const cannedOf = async (subject: Subject, path: string, token: string) => {
  const ending = new AbortController();
  const answer = await fetch(`${subject.url}${path}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: ending.signal,
  });
  const { value } = (await answer.body?.getReader().read()) ?? {};
  const automatic = new Set(["date", "connection", "keep-alive", "transfer-encoding"]);
  const headers = [...answer.headers].flatMap(([name, text]) =>
    automatic.has(name) ? [] : [name, text],
  );
  ending.abort();
  return { headers, event: Buffer.from(value ?? []).toString("utf8") };
};

interface Grown {
  readonly before: number;
  readonly after: number;
}

/** What a process takes with the streams open, beyond what it takes without. */
const growthOf = async (
  pid: number,
  open: () => Promise<Listeners>,
): Promise<{ grown: Grown; listeners: Listeners }> => {
  const before = residentBytes(pid);
  const listeners = await open();
  await pause(settleMs);
  return { grown: { before, after: residentBytes(pid) }, listeners };
};

/** By user: how long after his turn was given his stream told him. */
const seenAfterMs = async (
  stage: Stage,
  concertId: string,
  seen: ReadonlyMap<string, number | null>,
): Promise<number[]> => {
  const rows = await stage.sql<{ user_id: string; at_ms: number }>(
    `select user_id, (extract(epoch from at) * 1000)::float8 as at_ms
     from line_journal
     where concert_id = $1 and kind = 'ADMITTED'`,
    [concertId],
  );
  return rows.map(({ user_id, at_ms }) => (seen.get(user_id) ?? Infinity) - at_ms);
};

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;

const describe = ({ before, after }: Grown, count: number): string =>
  `${((after - before) / count / kilobyte).toFixed(1)} KiB a stream`;

/** B8: many people listen for their turn. */
export const streams: Bench = {
  rows: ["B8"],
  run: async (context: Context): Promise<RowResult[]> => {
    const count = context.scale.quick ? 2_000 : 10_000;
    const stage = await openStage();
    try {
      const opener = await stage.startSubject();
      const policy = { ...openDoors, admissionsPerMinute: perSecond * 60 };
      const { concertId } = await createConcert(stage, opener, { dates, policy });
      const queue = `/concerts/${concertId}/queue`;
      await operate(stage, opener, { method: "POST", path: `${queue}/pause`, body: {} });
      await pause(1_500);
      context.say(`B8: ${count} people join`);
      const users = newUsers(count);
      const tokens = await joinAll(stage, context.load, opener, { concertId, users });
      const requestsFile = newFile(stage, "streams");
      const requests = tokens.map((token) => pollRequest(concertId, token));
      const streamRequests = requests.map((it) => ({ ...it, path: `${it.path}/events` }));
      writeRequests(requestsFile, streamRequests.map(encodeRequest));
      const listen = (port: number) => () => openListeners({ port, requestsFile, mark }, count);

      const [{ path = "", token = "" } = {}] = streamRequests;
      const bare = await startBareStreams(await cannedOf(opener, path, token));
      context.say(`B8: ${count} streams of the bare server`);
      const floor = await growthOf(bare.pid, listen(bare.port));
      await floor.listeners.close();
      await bare.close();

      // A process of its own, which has answered nobody before.
      const subject = await stage.startSubject(context.subject);
      context.say(`B8: ${count} streams of the server`);
      const own = await growthOf(subject.pid, listen(subject.port));
      await operate(stage, opener, { method: "POST", path: `${queue}/resume`, body: {} });
      context.say("B8: their turn comes");
      await pause((count / perSecond) * 1_000 + 4_000);
      const heard = await own.listeners.heard();
      const peak = residentBytes(subject.pid);
      const seen = new Map(users.map((user, index) => [user, heard.marks[index] ?? null]));
      const delays = await seenAfterMs(stage, concertId, seen);
      await own.listeners.close();
      if (delays.length < count) throw new Error(`only ${delays.length} of ${count} were admitted`);
      context.say(
        `B8: p50 ${quantile(delays, 0.5)}, p99 ${quantile(delays, 0.99)} ms; ${JSON.stringify({ own: own.grown, floor: floor.grown, peak, events: heard.events })}`,
      );
      const memory =
        (own.grown.after - own.grown.before) / (floor.grown.after - floor.grown.before);
      return [
        {
          row: "B8",
          title: `${count.toLocaleString("en")} open event streams, one process`,
          method: `Resident memory of a fresh process, ${settleMs / 1_000} s after the last stream was opened, less what it took before; against a bare \`node:http\` server that keeps as many answers open and has sent the same first event. Then all of them are let in at ${perSecond.toLocaleString("en")}/s: the time from the admission, by the line's own clock, until the stream's bytes were read. ${describe(own.grown, count)} against ${describe(floor.grown, count)}; in all ${Math.round(own.grown.after / 2 ** 20)} against ${Math.round(floor.grown.after / 2 ** 20)} MB, ${Math.round(peak / 2 ** 20)} MB after everybody was let in; ${heard.events.toLocaleString("en")} events.`,
          subject: null,
          floor: null,
          ratio: null,
          reaches: [
            { what: "memory", value: memory, unit: "×", bound: 1.5, atLeast: false },
            {
              what: "seen p99",
              value: quantile(delays, 0.99),
              unit: "ms",
              bound: 500,
              atLeast: false,
            },
          ],
          remarks: [],
          versions: stage.versions,
        },
      ];
    } finally {
      await stage.close();
    }
  },
};
