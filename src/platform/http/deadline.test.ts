import assert from "node:assert/strict";
import { test } from "node:test";
import { Type } from "typebox";
import { sampleServer } from "#test/support/sample-server.ts";
import { route, type Route } from "./route.ts";

/** A route that answers when the test says so. */
const slowRoute = () => {
  const waiting: (() => void)[] = [];
  const slow = route({
    method: "GET",
    path: "/api/v1/slow",
    operationId: "slow",
    tag: "Sample",
    summary: "Sample",
    auth: "none",
    answers: { 200: Type.Object({ ok: Type.Boolean() }) },
    problems: [],
    handle: async () => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { status: 200, body: { ok: true } };
    },
  });
  const letGo = (): void => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  return { slow, waiting, letGo };
};

const until = async (condition: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 1000 && !condition(); turn += 1) await new Promise(setImmediate);
  assert.ok(condition());
};

test("a handler that does not answer in time is 503 with Retry-After, and what it says later reaches nobody", async () => {
  const { slow, waiting, letGo } = slowRoute();
  await using sample = await sampleServer({ routes: [slow], limits: { answerWithinMs: 20 } });
  const { server, meters } = sample;
  const answer = await server.inject({ url: "/api/v1/slow" });
  assert.deepEqual([answer.statusCode, answer.json<{ code: string }>().code], [503, "UNAVAILABLE"]);
  assert.equal(answer.headers["retry-after"], "1");
  assert.equal(meters.http.live.requests, 0);
  assert.match(await meters.text(), /^http_requests_shed_total\{reason="deadline"\} 1$/m);
  letGo();
  const next = server.inject({ url: "/api/v1/slow" });
  await until(() => waiting.length === 1);
  letGo();
  assert.equal((await next).statusCode, 200);
});

test("a stream that comes too late is ended unread", async () => {
  let ended = false;
  const { slow } = slowRoute();
  const stream: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.resolve({ done: true, value: "" }),
      return: () => {
        ended = true;
        return Promise.resolve({ done: true, value: "" });
      },
    }),
  };
  const streaming: Route = {
    ...slow,
    answerType: "text/event-stream",
    handle: async () => {
      await new Promise((resolve) => setTimeout(resolve, 40));
      return { status: 200, stream };
    },
  };
  await using sample = await sampleServer({ routes: [streaming], limits: { answerWithinMs: 10 } });
  const answer = await sample.server.inject({ url: "/api/v1/slow" });
  assert.equal(answer.statusCode, 503);
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.ok(ended);
});
