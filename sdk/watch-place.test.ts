import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "./client.ts";
import type { QueueStatus } from "./generated/index.ts";
import { listen } from "./listen.ts";
import { watchPlace, type WatchOptions } from "./watch-place.ts";

const statusOf = (token: string, members: Partial<QueueStatus> = {}) =>
  ({ token, status: "WAITING", position: 3, pollAfterMs: 0, ...members }) as QueueStatus;

const answer = (status: QueueStatus): Response => new Response(JSON.stringify(status));
const problem = (status: number, code: string): Response =>
  new Response(JSON.stringify({ code, status }), { status, headers: { "retry-after": "0" } });
const stream = (text: string): Response =>
  new Response(text, { headers: { "content-type": "text/event-stream" } });
const event = (status: QueueStatus, id: string): string =>
  `id: ${id}\nevent: status\ndata: ${JSON.stringify(status)}\n\n`;

/** Watches with a network that gives these answers, and ends after the last. */
const watch = async (replies: (Response | Error)[], push?: WatchOptions["push"]) => {
  const ending = new AbortController();
  const asked: { path: string; token: string; lastId: string | undefined }[] = [];
  const heard: string[] = [];
  const troubles: string[] = [];
  const fetchNext: typeof fetch = (url, init = {}) => {
    const headers = init.headers as Record<string, string>;
    asked.push({
      path: (url as string).split("/").at(-1) ?? "",
      token: headers["authorization"]?.slice(7) ?? "",
      lastId: headers["last-event-id"],
    });
    const reply = replies.shift();
    if (reply === undefined) {
      ending.abort();
      return Promise.reject(new Error("aborted"));
    }
    return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply);
  };
  const end = await watchPlace(createClient({ fetch: fetchNext }), {
    concertId: "c",
    token: "t0",
    signal: ending.signal,
    onStatus: ({ token }) => heard.push(token),
    onTrouble: ({ code }) => troubles.push(code),
    ...(push === undefined ? {} : { push }),
  });
  return { end, asked, heard, troubles };
};

test("each poll uses the newest token", async () => {
  const { asked, heard } = await watch([answer(statusOf("t1")), answer(statusOf("t2"))]);
  assert.deepEqual(heard, ["t1", "t2"]);
  assert.deepEqual(
    asked.slice(0, 2).map(({ path, token }) => `${path} ${token}`),
    ["me t0", "me t1"],
  );
});

test("a failed poll is reported and retried; a refused token ends the watch", async () => {
  const replies = [problem(503, "UNAVAILABLE"), problem(429, "RATE_LIMITED")];
  const { end, troubles, heard } = await watch([
    ...replies,
    answer(statusOf("t1")),
    problem(401, "QUEUE_TOKEN_INVALID"),
  ]);
  assert.deepEqual(troubles, ["UNAVAILABLE", "RATE_LIMITED"]);
  assert.deepEqual(heard, ["t1"]);
  assert.equal(end.kind === "refused" && end.failure.code, "QUEUE_TOKEN_INVALID");
});

test("after the first poll it listens where push is allowed, and resumes from the last event", async () => {
  const { asked, heard } = await watch(
    [
      answer(statusOf("t1")),
      stream(`: beat\n\n${event(statusOf("t2"), "8")}${event(statusOf("t3"), "9")}`),
      stream(event(statusOf("t4"), "10")),
    ],
    () => Promise.resolve(listen),
  );
  assert.deepEqual(heard, ["t1", "t2", "t3", "t4"]);
  assert.deepEqual(asked.slice(0, 3), [
    { path: "me", token: "t0", lastId: undefined },
    { path: "events", token: "t1", lastId: undefined },
    { path: "events", token: "t3", lastId: "9" },
  ]);
});

test("without push it keeps polling and waits before the next attempt at push", async () => {
  const { asked, heard } = await watch(
    [
      answer(statusOf("t1")),
      problem(503, "UNAVAILABLE"),
      answer(statusOf("t2")),
      answer(statusOf("t3")),
    ],
    () => Promise.resolve(listen),
  );
  assert.deepEqual(heard, ["t1", "t2", "t3"]);
  assert.deepEqual(
    asked.slice(0, 4).map(({ path }) => path),
    ["me", "events", "me", "me"],
  );
});

test("an answer that is not a stream is not listened to", async () => {
  const { heard } = await watch(
    [answer(statusOf("t1")), new Response("<h1>"), answer(statusOf("t2"))],
    () => Promise.resolve(listen),
  );
  assert.deepEqual(heard, ["t1", "t2"]);
});
