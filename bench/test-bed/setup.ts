import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LoadGenerator } from "../load/load.ts";
import { encodeRequest, writeRequests, type HttpRequest } from "../load/request-file.ts";
import type { TestBed, Subject } from "./test-bed.ts";

/** A user with an account, by id. */
export type UserId = string;

/** A date of a concert. */
export interface Show {
  readonly concertId: string;
  readonly date: string;
}

export interface Concert {
  readonly concertId: string;
  readonly shows: readonly Show[];
}

export const seatsPerShow = 50;
/** The most dates that a concert may have. */
const datesMax = 365;
const secondsPerDay = 86_400;

export const pause = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, durationMs));

export const newUsers = (count: number): UserId[] =>
  Array.from({ length: count }, () => randomUUID());

/** Signs an access token as the server does: the bench runs with keys of its own. */
export const accessToken = (testBed: TestBed, userId: UserId): string => {
  const iat = Math.floor(Date.now() / 1000);
  return testBed.tokens.sign("access", { sub: userId, iat, exp: iat + secondsPerDay });
};

/** Asks the server once; throws unless it succeeds. */
export const ask = async <T>(subject: Subject, request: HttpRequest): Promise<T> => {
  const { method, path, token, body } = request;
  const answer = await fetch(`${subject.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) {
    const said = answer.status < 500 ? "" : `\n${subject.output()}`;
    throw new Error(`${method} ${path}: ${answer.status} ${text}${said}`);
  }
  return JSON.parse(text) as T;
};

/** Asks the server once, as an operator; throws unless it succeeds. */
export const operate = <T>(
  { operatorKey }: TestBed,
  subject: Subject,
  request: Pick<HttpRequest, "method" | "path" | "body">,
): Promise<T> =>
  ask<T>(subject, { ...request, path: `/admin/v1${request.path}`, token: operatorKey });

const dateIn = (days: number): string =>
  new Date(Date.now() + days * secondsPerDay * 1000).toISOString().slice(0, 10);

/** No user waits, and no turn ends within a run. */
export const openDoors = {
  maxActive: 1_000_000,
  admissionsPerMinute: 1_000_000,
  shoppersPerSeat: 1_000,
  sessionSeconds: 3_600,
  claimSeconds: 3_600,
  holdSeconds: 3_600,
} as const;

/** Puts a concert on sale, with 50 seats a date or in another hall. */
export const createConcert = async (
  testBed: TestBed,
  subject: Subject,
  options: { dates: number; policy: object; seatingPlan?: object },
): Promise<Concert> => {
  const dates = Array.from({ length: options.dates }, (_, day) => ({ date: dateIn(day + 2) }));
  const { policy, seatingPlan } = options;
  const hall = seatingPlan === undefined ? { price: 1_000 } : { seatingPlan };
  const body = { title: "Bench", ...hall, dates, policy };
  const { concertId } = await operate<{ concertId: string }>(testBed, subject, {
    method: "POST",
    path: "/concerts",
    body,
  });
  return { concertId, shows: dates.map(({ date }) => ({ concertId, date })) };
};

/** Creates concerts with at least `seats` free seats in all, and empty queues. */
export const createConcerts = async (
  testBed: TestBed,
  subject: Subject,
  seats: number,
): Promise<Concert[]> => {
  const concerts: Concert[] = [];
  for (let left = Math.ceil(seats / seatsPerShow); left > 0; left -= datesMax) {
    const dates = Math.min(left, datesMax);
    concerts.push(await createConcert(testBed, subject, { dates, policy: openDoors }));
  }
  return concerts;
};

/** The seats of a show, or those that have changed. */
export interface SeatMapAnswer {
  readonly version: string;
  readonly statuses?: string;
  readonly changes?: readonly (readonly [seatNumber: number, letter: string])[];
}

export interface Exchange {
  readonly number: number;
  readonly status: number;
  readonly body: string;
}

/** Connections for setting things up: enough to keep everything busy. */
const bulkConnections = 128;
const bulkWithinMs = 180_000;

let files = 0;
export const newFile = (testBed: TestBed, name: string): string =>
  join(testBed.folder, `${files++}-${name}`);

const sendOnce = async (
  testBed: TestBed,
  load: LoadGenerator,
  subject: Subject,
  requests: readonly Buffer[],
): Promise<Exchange[]> => {
  const [requestsFile, answersFile] = [newFile(testBed, "bulk"), newFile(testBed, "answers")];
  const count = writeRequests(requestsFile, requests);
  const result = await load.run({
    host: "127.0.0.1",
    port: subject.port,
    requestsFile,
    answersFile,
    first: 0,
    countMax: count,
    cycle: false,
    connections: Math.min(bulkConnections, count),
    pipelining: 1,
    warmupMs: 0,
    measureMs: bulkWithinMs,
    timeoutMs: 30_000,
    watched: [],
  });
  const answers = readFileSync(answersFile, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Exchange => {
      const [number = "", status = "", body = ""] = line.split("\t");
      return { number: Number(number), status: Number(status), body };
    });
  if (answers.length < count)
    throw new Error(
      `setting up: ${answers.length} of ${count} answered: ${result.failures.join()}`,
    );
  return answers;
};

const unavailable = 503;
/** Tries of a request that the server could not serve for now: on a machine that is busy, it may not. */
const triesMax = 6;
const retryMs = 500;

/**
 * Sends every request as fast as the server answers, and returns the answers in the order of the requests. A
 * request that is answered with 503 is sent again, so each must be safe to repeat. Throws when one
 * is refused.
 */
export const sendAll = async (
  testBed: TestBed,
  load: LoadGenerator,
  subject: Subject,
  requests: readonly HttpRequest[],
): Promise<Exchange[]> => {
  const encoded = requests.map(encodeRequest);
  const answers = new Map<number, Exchange>();
  let open = encoded.map((bytes, number) => ({ bytes, number }));
  for (let attempt = 1; open.length > 0 && attempt <= triesMax; attempt++) {
    if (attempt > 1) await new Promise((resolve) => setTimeout(resolve, retryMs));
    const sent = open;
    const bytes = sent.map((one) => one.bytes);
    for (const answer of await sendOnce(testBed, load, subject, bytes)) {
      const number = sent[answer.number]?.number ?? -1;
      answers.set(number, { ...answer, number });
    }
    open = sent.filter(({ number }) => answers.get(number)?.status === unavailable);
  }
  const inOrder = [...answers.values()].sort((a, b) => a.number - b.number);
  const bad = inOrder.find(({ status }) => status >= 300);
  if (bad !== undefined) throw new Error(`setting up: ${bad.status} ${bad.body}`);
  return inOrder;
};

export const joinRequest = (testBed: TestBed, concertId: string, userId: UserId): HttpRequest => ({
  method: "POST",
  path: `/api/v1/concerts/${concertId}/queue/tokens`,
  token: accessToken(testBed, userId),
});

/** All users join the queue of one concert. Returns their queue tokens, in the order of the users. */
export const joinAll = async (
  testBed: TestBed,
  load: LoadGenerator,
  subject: Subject,
  crowd: { concertId: string; users: readonly UserId[] },
): Promise<string[]> => {
  const requests = crowd.users.map((userId) => joinRequest(testBed, crowd.concertId, userId));
  const answers = await sendAll(testBed, load, subject, requests);
  return answers.map(({ body }) => (JSON.parse(body) as { token: string }).token);
};

const admittedWithinMs = 120_000;

/** Waits until `count` users of a concert are ACTIVE. */
export const untilActive = async (
  testBed: TestBed,
  subject: Subject,
  concertId: string,
  count: number,
): Promise<void> => {
  const deadlineMs = performance.now() + admittedWithinMs;
  for (;;) {
    const path = `/concerts/${concertId}/stats`;
    const { active } = await operate<{ active: number | null }>(testBed, subject, {
      method: "GET",
      path,
    });
    if (active !== null && active >= count) return;
    if (performance.now() > deadlineMs)
      throw new Error(`only ${active} of ${count} users are ACTIVE`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};
