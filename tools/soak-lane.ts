import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { soak } from "#test/lane/soak.ts";
import { encodeRequest, type HttpRequest } from "../bench/load/request-file.ts";
import { inspectorUrl, openInspector, type Inspector } from "../bench/profile/inspector.ts";
import {
  accessToken,
  ask,
  createConcert,
  joinRequest,
  newUsers,
  openDoors,
  untilActive,
} from "../bench/test-bed/setup.ts";
import { openTestBed, type Subject, type TestBed } from "../bench/test-bed/test-bed.ts";

// Sends many requests of hot routes to a server with the fast lane, on connections that end in every way, and compares its
// memory and handles before and after. Starts the server with stores of its own, as the bench does.
//
//   npm run soak:lane                          1,000,000 requests, after 100,000 that warm up
//   npm run soak:lane -- --requests 20000      fewer
//   FAST_LANE=false npm run soak:lane          the same through node:http

const { values } = parseArgs({ options: { requests: { type: "string", default: "1000000" } } });
const requestsTotal = Number(values.requests);
if (!Number.isSafeInteger(requestsTotal) || requestsTotal < 10)
  throw new Error("--requests is a whole number of at least 10");
const usersCount = 50;
/** Growth of the heap that is a leak in a million requests: the smallest object has 16 bytes. */
const grownBytesMax = 4 * 2 ** 20;

/** Polls, repeated joins, maps of seats, reservations of a seat that is taken, and requests with a wrong token. */
const hotRequests = async (testBed: TestBed, subject: Subject): Promise<Buffer[]> => {
  const { concertId, shows } = await createConcert(testBed, subject, {
    ...{ dates: 1, policy: openDoors },
  });
  const date = shows[0]?.date ?? "";
  const users = newUsers(usersCount);
  const tokens: string[] = [];
  for (const user of users) {
    const joined = await ask<{ token: string }>(subject, joinRequest(testBed, concertId, user));
    tokens.push(joined.token);
  }
  await untilActive(testBed, subject, concertId, usersCount);
  const reserve = (token: string): HttpRequest => ({
    ...{ method: "POST", path: "/api/v1/reservations", token },
    body: { date, seatNumbers: [1] },
  });
  await ask(subject, reserve(tokens[0] ?? ""));
  const poll = (token: string): HttpRequest => ({
    ...{ method: "GET", path: `/api/v1/concerts/${concertId}/queue/tokens/me`, token },
  });
  return tokens
    .slice(1)
    .flatMap((token, index) => [
      ...Array.from({ length: 4 }, () => poll(token)),
      joinRequest(testBed, concertId, users[index + 1] ?? ""),
      reserve(token),
      {
        ...{ method: "GET" as const, token },
        path: `/api/v1/concerts/${concertId}/dates/${date}/seats`,
      },
      poll(accessToken(testBed, users[0] ?? "")),
    ])
    .map(encodeRequest);
};

interface Held {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly handles: number;
  readonly descriptors: number;
}

/** Reads the memory and the handles of the server after a collection of garbage. */
const heldBy = async ({ pid }: Subject, inspector: Inspector): Promise<Held> => {
  await inspector.ask("HeapProfiler.collectGarbage");
  const expression =
    "JSON.stringify({...process.memoryUsage(), handles: process.getActiveResourcesInfo().length})";
  const { result } = (await inspector.ask("Runtime.evaluate", { expression })) as {
    result: { value: string };
  };
  const descriptors = readdirSync(`/proc/${pid}/fd`).length;
  return { ...(JSON.parse(result.value) as Omit<Held, "descriptors">), descriptors };
};

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;
const textOf = (held: Held): string =>
  `${megabytes(held.rss)} resident, heap ${megabytes(held.heapUsed)}, external ${megabytes(held.external)}, ${held.handles} handles, ${held.descriptors} descriptors`;

const testBed = await openTestBed();
try {
  const fastLane = process.env["FAST_LANE"] ?? "true";
  const subject = await testBed.startSubject({
    nodeArguments: ["--inspect=127.0.0.1:0"],
    environment: { FAST_LANE: fastLane },
  });
  const inspector = await openInspector(inspectorUrl(subject.output()));
  const requests = await hotRequests(testBed, subject);
  const odd = encodeRequest({ method: "GET", path: "/healthz" });
  const settings = { port: subject.port, requests, odd, connections: 64 };
  const run = async (total: number): Promise<Held> => {
    const startedMs = performance.now();
    const found = await soak({ ...settings, requestsTotal: total, answersPerConnection: 500 });
    const seconds = (performance.now() - startedMs) / 1000;
    // The last connections close.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const held = await heldBy(subject, inspector);
    const statuses = [...found].map(([status, count]) => `${count} × ${status}`).join(", ");
    console.log(`${total} requests in ${seconds.toFixed(0)} s (${statuses}): ${textOf(held)}`);
    return held;
  };
  console.log(`FAST_LANE=${fastLane}; at first: ${textOf(await heldBy(subject, inspector))}`);
  const before = await run(Math.ceil(requestsTotal / 10));
  const after = await run(requestsTotal);
  inspector.close();
  const grown = after.heapUsed + after.external - before.heapUsed - before.external;
  const isGrown = grown > grownBytesMax || after.handles > before.handles;
  console.log(isGrown ? "It has grown." : "It has not grown.");
  process.exitCode = isGrown ? 1 : 0;
} finally {
  await testBed.close();
}
