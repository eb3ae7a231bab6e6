import { startBareStreams } from "../floors/bare-streams.ts";
import type { CannedStream } from "../floors/bare-streams-server.ts";
import { openListeners, type Listeners } from "../load/listeners.ts";
import { encodeRequest, writeRequests, type HttpRequest } from "../load/request-file.ts";
import { assertFilesMayOpen, residentBytes } from "../measure/processes.ts";
import { quantile } from "../measure/statistics.ts";
import {
  createConcert,
  joinAll,
  newFile,
  newUsers,
  openDoors,
  operate,
  pause,
} from "../test-bed/setup.ts";
import { openTestBed, type TestBed, type Subject } from "../test-bed/test-bed.ts";
import { pollRequest } from "./polls.ts";
import type { Bench, Context, RowResult } from "./row.ts";

const perSecond = 1_000;
const quietMs = 5_000;
const mark = '"status":"ACTIVE"';
const megabyte = 2 ** 20;
/** Enough seats that the stock never limits. */
const dates = 4;

/** node:http writes these itself, in both servers alike. */
const automatic = new Set(["date", "connection", "keep-alive", "transfer-encoding"]);

/** Headers and first event of a stream, as the bare server is to send them. */
const cannedOf = async (subject: Subject, words: HttpRequest): Promise<CannedStream> => {
  const answer = await fetch(`${subject.url}${words.path}`, {
    headers: { authorization: `Bearer ${words.token}` },
  });
  const headers = [...answer.headers].flatMap(([name, text]) =>
    automatic.has(name) ? [] : [name, text],
  );
  const chunks = answer.body as AsyncIterable<Uint8Array> | null;
  // Leaving the loop closes the stream.
  for await (const chunk of chunks ?? []) {
    return { headers, event: Buffer.from(chunk).toString("utf8") };
  }
  throw new Error("B8: a stream that says nothing");
};

/** Resident bytes of a process, before and with its streams. */
interface Resident {
  readonly before: number;
  readonly with: number;
}

const measured = async (
  pid: number,
  open: () => Promise<Listeners>,
): Promise<{ resident: Resident; listeners: Listeners }> => {
  const before = residentBytes(pid);
  const listeners = await open();
  await pause(quietMs);
  return { resident: { before, with: residentBytes(pid) }, listeners };
};

interface Scene {
  readonly testBed: TestBed;
  readonly opener: Subject;
  readonly concertId: string;
  readonly users: readonly string[];
  readonly requests: readonly HttpRequest[];
  readonly requestsFile: string;
}

/** A paused queue and its users. */
const openScene = async (context: Context, testBed: TestBed, count: number): Promise<Scene> => {
  const opener = await testBed.startSubject();
  const policy = { ...openDoors, admissionsPerMinute: perSecond * 60 };
  const { concertId } = await createConcert(testBed, opener, { dates, policy });
  const path = `/concerts/${concertId}/queue/pause`;
  await operate(testBed, opener, { method: "POST", path, body: {} });
  await pause(1_500);
  context.log(`B8: ${count} users join`);
  const users = newUsers(count);
  const tokens = await joinAll(testBed, context.load, opener, { concertId, users });
  const requests = tokens.map((token) => {
    const poll = pollRequest(concertId, token);
    return { ...poll, path: `${poll.path}/events` };
  });
  const requestsFile = newFile(testBed, "streams");
  writeRequests(requestsFile, requests.map(encodeRequest));
  return { testBed, opener, concertId, users, requests, requestsFile };
};

const measureFloor = async ({ opener, requests, requestsFile }: Scene): Promise<Resident> => {
  const [first] = requests;
  if (first === undefined) throw new RangeError("nobody");
  const bare = await startBareStreams(await cannedOf(opener, first));
  const words = { port: bare.port, requestsFile, mark };
  const { resident, listeners } = await measured(bare.pid, () =>
    openListeners(words, requests.length),
  );
  await listeners.close();
  await bare.close();
  return resident;
};

/** Of each user, in ms: the time from the admission, by the queue's clock, until the stream has told it. */
const delaysOf = async (
  { testBed, concertId, users }: Scene,
  marks: readonly (number | null)[],
): Promise<number[]> => {
  const seen = new Map(users.map((user, index) => [user, marks[index] ?? Infinity]));
  const rows = await testBed.sql<{ user_id: string; at_ms: number }>(
    `select user_id, (extract(epoch from at) * 1000)::float8 as at_ms
     from queue_journal
     where concert_id = $1 and kind = 'ADMITTED'`,
    [concertId],
  );
  if (rows.length < users.length) throw new Error(`B8: only ${rows.length} were admitted`);
  return rows.map(({ user_id, at_ms }) => (seen.get(user_id) ?? Infinity) - at_ms);
};

interface Own {
  readonly resident: Resident;
  readonly peak: number;
  readonly delays: readonly number[];
  readonly events: number;
}

/** In a new process of its own. */
const measureOwn = async (context: Context, scene: Scene): Promise<Own> => {
  const { testBed, opener, concertId, requests, requestsFile } = scene;
  const subject = await testBed.startSubject(context.subject);
  const words = { port: subject.port, requestsFile, mark };
  const { resident, listeners } = await measured(subject.pid, () =>
    openListeners(words, requests.length),
  );
  context.log("B8: everybody's turn comes");
  const path = `/concerts/${concertId}/queue/resume`;
  await operate(testBed, opener, { method: "POST", path, body: {} });
  await pause((requests.length / perSecond) * 1_000 + 4_000);
  const { marks, events } = await listeners.heard();
  const delays = await delaysOf(scene, marks);
  await listeners.close();
  return { resident, peak: residentBytes(subject.pid), delays, events };
};

const rowOf = (testBed: TestBed, count: number, own: Own, floor: Resident): RowResult => {
  const grown = (resident: Resident): number => resident.with - resident.before;
  const each = (resident: Resident): string => (grown(resident) / count / 1_024).toFixed(1);
  const all = (bytes: number): number => Math.round(bytes / megabyte);
  return {
    row: "B8",
    title: `${count.toLocaleString("en")} open event streams, one process`,
    method: `Resident memory of a fresh process, ${quietMs / 1_000} s after the last stream was opened, minus its memory before them; against a bare \`node:http\` server that keeps as many answers open and has sent the same first event: ${each(own.resident)} against ${each(floor)} KiB a stream, the whole processes ${all(own.resident.with)} against ${all(floor.with)} MB. Then all users are admitted at ${perSecond.toLocaleString("en")}/s (${all(own.peak)} MB after it): the time from the admission, by the queue's own clock, until the stream's bytes were read; p50 ${Math.round(quantile(own.delays, 0.5))} ms. ${own.events.toLocaleString("en")} statuses were pushed.`,
    subject: null,
    floor: null,
    ratio: null,
    targets: [
      {
        what: "memory",
        value: grown(own.resident) / grown(floor),
        unit: "×",
        bound: 1.5,
        atLeast: false,
      },
      {
        what: "turn seen, p99",
        value: quantile(own.delays, 0.99),
        unit: "ms",
        bound: 500,
        atLeast: false,
      },
    ],
    remarks: [],
    versions: testBed.versions,
  };
};

/** Beside the streams: the stores' connections, files, the process's own. */
const spareFiles = 500;

/** B8: many users wait for their admission with an event stream each. */
export const streams: Bench = {
  rows: ["B8"],
  async *run(context: Context): AsyncIterable<RowResult> {
    const count = context.scale.quick ? 2_000 : 10_000;
    assertFilesMayOpen(count + spareFiles);
    const testBed = await openTestBed();
    try {
      const scene = await openScene(context, testBed, count);
      context.log(`B8: ${count} streams of the bare server, then of the server`);
      const floor = await measureFloor(scene);
      const row = rowOf(testBed, count, await measureOwn(context, scene), floor);
      context.log(`B8: ${row.method}`);
      yield row;
    } finally {
      await testBed.close();
    }
  },
};
