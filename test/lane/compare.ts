import { readRequest, type ReadRequest } from "#platform/http/lane/grammar.ts";
import { sampleServer } from "#test/support/sample-server.ts";
import { drawFrom, lastRequest, streamOf } from "./byte-streams.ts";
import { inMemory, overTcp, untilHandOver, type Exchange } from "./transport.ts";

/** A request that never ends is answered 408 after this. */
const requestTimeoutMs = 2_000;
/** An idle connection waits longer than the slowest turn of a busy machine. */
const idleMs = 60_000;
const streamsAtOnce = 512;
/** Answers of `node:http` that are kept, because requests come again. */
const knownAnswersMax = 20_000;

export interface Difference {
  readonly seed: number;
  readonly sent: readonly string[];
  readonly plain: string;
  readonly lane: string;
}

/**
 * The answers without what differs from request to request, and without interim ones: to a request that arrives together
 * with others, `node:http` may send "100 Continue" at any place, even within another answer.
 */
const masked = (text: string): string =>
  text
    .replaceAll("HTTP/1.1 100 Continue\r\n\r\n", "")
    .replaceAll(/^Date: .*$/gm, "Date: x")
    .replaceAll(/^x-request-id: [0-9a-f]{10}-\w+\r$/gm, "x-request-id: x\r");

/** The answer to bytes that no server could read; the connection ends with it. */
const brokenEnd = /HTTP\/1\.1 4\d\d [\w ]+\r\nContent-Type: [^{]*\{[^{]*"instance":"",[^}]*\}$/;

/**
 * Whether two servers have answered alike. Broken bytes end a connection at once, and an answer that was still made for the
 * request before them may be lost, in either.
 */
const areAlike = (one: string, other: string): boolean => {
  if (one === other) return true;
  if (!brokenEnd.test(one) || !brokenEnd.test(other)) return false;
  const [first, second] = [one.replace(brokenEnd, ""), other.replace(brokenEnd, "")];
  return first.startsWith(second) || second.startsWith(first);
};

/** A server of the sample routes, and how streams get to it. */
const listening = async (options: Parameters<typeof sampleServer>[0]) => {
  const sample = await sampleServer(options);
  const { server } = sample.server;
  await sample.server.listen({ port: 0, host: "127.0.0.1" });
  const through =
    (exchange: Exchange): Exchange =>
    async (pieces) =>
      masked(await exchange(pieces));
  return {
    server,
    tcp: through(overTcp(server)),
    memory: through(inMemory(server)),
    [Symbol.asyncDispose]: sample[Symbol.asyncDispose],
  };
};

type Listening = Awaited<ReturnType<typeof listening>>;

/** Returns a function that tells the answer of a server to one request, which comes alone. */
const answersOf = (server: Listening): ((request: Buffer) => Promise<string>) => {
  const known = new Map<string, Promise<string>>();
  const last = Buffer.from(lastRequest);
  const lastAnswer = server.memory([last]);
  const ask = async (request: Buffer): Promise<string> => {
    const [text, end] = await Promise.all([server.memory([request, last]), lastAnswer]);
    return text.endsWith(end) ? text.slice(0, -end.length) : text;
  };
  return (request) => {
    const name = request.toString("latin1");
    const answer = known.get(name) ?? ask(request);
    if (known.size >= knownAnswersMax) known.clear();
    known.set(name, answer);
    return answer;
  };
};

type Compare = (pieces: readonly Buffer[]) => Promise<{ plain: string; lane: string } | null>;

/**
 * Compares all answers to a stream. When several requests arrive at once, `node:http` makes their answers in another order
 * of events if it reads the bytes from a stream, as behind TLS, than if it reads the socket itself. So a stream that
 * differs from the server that does the one is sent to one that does the other, and then twice more, since the end of a
 * connection may overtake an answer that its client has not waited for.
 */
const wholeBy =
  (way: "tcp" | "memory", plain: Listening, handed: Listening, lane: Listening): Compare =>
  async (pieces) => {
    let [plainText, laneText] = ["", ""];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const texts = await Promise.all([plain, lane].map((server) => server[way](pieces)));
      [plainText = "", laneText = ""] = texts;
      if (areAlike(plainText, laneText)) return null;
      if (areAlike(await handed[way](pieces), laneText)) return null;
    }
    return { plain: plainText, lane: laneText };
  };

/**
 * Compares the answers of the lane before it hands the connection over, and the bytes with which it does: those answers
 * must be those of `node:http` to the same pieces, each sent alone, and those bytes all others that were sent.
 */
const partBy = (plain: Listening, lane: Listening): Compare => {
  const answerTo = answersOf(plain);
  return async (pieces) => {
    const { text, sent, handed } = await untilHandOver(lane.server, pieces);
    const all = Buffer.concat(pieces.slice(0, sent));
    const rest = handed ?? Buffer.alloc(0);
    let answered = 0;
    let expected = "";
    for (const piece of pieces) {
      if (answered + piece.length > all.length - rest.length) break;
      answered += piece.length;
      expected += await answerTo(piece);
    }
    if (masked(text) === expected && all.subarray(answered).equals(rest)) return null;
    return { plain: expected, lane: `${masked(text)}${rest.toString("latin1")}` };
  };
};

/**
 * Sends the streams of the seeds to a server with the fast lane and compares it with one without. Returns the streams on
 * which they differ. Every tenth is compared as a whole, one of five of these over TCP; the others until the hand-over,
 * after which `node:http` answers anyway. An answer that never comes is waited for three times, each time for as long as an
 * idle connection is kept.
 */
export const compareLanes = async (
  seeds: {
    readonly from: number;
    readonly count: number;
    readonly differencesMax?: number;
    readonly keepAliveMs?: number;
  },
  read: ReadRequest = readRequest,
): Promise<readonly Difference[]> => {
  const limits = { requestTimeoutMs, keepAliveMs: seeds.keepAliveMs ?? idleMs };
  await using plain = await listening({ limits });
  await using handed = await listening({ limits, fastLane: () => null });
  await using lane = await listening({ limits, fastLane: read });
  const [tcp, memory] = (["tcp", "memory"] as const).map((way) =>
    wholeBy(way, plain, handed, lane),
  );
  const part = partBy(plain, lane);
  const compareFor = (seed: number): Compare =>
    (seed % 50 === 0 ? tcp : seed % 10 === 0 ? memory : null) ?? part;
  const found: Difference[] = [];
  let next = seeds.from;
  const work = async (): Promise<void> => {
    while (next < seeds.from + seeds.count && found.length < (seeds.differencesMax ?? 5)) {
      const seed = next;
      next += 1;
      const pieces = streamOf(drawFrom(seed));
      const difference = await compareFor(seed)(pieces);
      if (difference === null) continue;
      found.push({ seed, sent: pieces.map((piece) => piece.toString("latin1")), ...difference });
    }
  };
  await Promise.all(Array.from({ length: streamsAtOnce }, work));
  return found;
};
