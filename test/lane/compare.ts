import { readRequest, type ReadRequest } from "#platform/http/lane/grammar.ts";
import { sampleServer } from "#test/support/sample-server.ts";
import { drawFrom, streamOf } from "./byte-streams.ts";
import { inMemory, overTcp } from "./transport.ts";

/** A request that never ends is answered 408, and an idle connection closed, after this: longer than a slow turn. */
const limits = { requestTimeoutMs: 2_000, keepAliveMs: 6_000 };
const streamsAtOnce = 512;

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
  const [tcp, memory] = [overTcp(server), inMemory(server)];
  /** Every tenth stream goes over TCP, the others through memory. */
  const exchange = async (seed: number, pieces: readonly Buffer[]): Promise<string> =>
    masked(await (seed % 10 === 0 ? tcp : memory)(pieces));
  return { exchange, [Symbol.asyncDispose]: sample[Symbol.asyncDispose] };
};

/**
 * Sends the streams of the seeds to a server without and to one with the fast lane, and returns those that were not
 * answered alike. When several requests arrive at once, `node:http` makes their answers in another order of events if it reads
 * the bytes from a stream, as behind TLS, than if it reads the socket itself. So a stream that differs from the server that
 * does the one is sent to one that does the other, and then twice more, since the end of a connection may overtake an answer
 * that its client has not waited for.
 */
export const compareLanes = async (
  seeds: { readonly from: number; readonly count: number; readonly differencesMax?: number },
  read: ReadRequest = readRequest,
): Promise<readonly Difference[]> => {
  await using plain = await listening({ limits });
  await using handed = await listening({ limits, fastLane: () => null });
  await using lane = await listening({ limits, fastLane: read });
  const found: Difference[] = [];
  const compare = async (seed: number): Promise<void> => {
    const pieces = streamOf(drawFrom(seed));
    let [plainText, laneText] = ["", ""];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const texts = await Promise.all([plain, lane].map((server) => server.exchange(seed, pieces)));
      [plainText = "", laneText = ""] = texts;
      if (areAlike(plainText, laneText)) return;
      if (areAlike(await handed.exchange(seed, pieces), laneText)) return;
    }
    const sent = pieces.map((piece) => piece.toString("latin1"));
    found.push({ seed, sent, plain: plainText, lane: laneText });
  };
  let next = seeds.from;
  const work = async (): Promise<void> => {
    while (next < seeds.from + seeds.count && found.length < (seeds.differencesMax ?? 5)) {
      next += 1;
      await compare(next - 1);
    }
  };
  await Promise.all(Array.from({ length: streamsAtOnce }, work));
  return found;
};
