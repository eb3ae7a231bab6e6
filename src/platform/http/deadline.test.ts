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

test("a handler past its deadline is 503 with Retry-After, and its later answer is dropped", async () => {
  const { slow, letGo } = slowRoute();
  const quick: Route = {
    ...slow,
    path: "/api/v1/quick",
    operationId: "quick",
    handle: async () => ({ status: 200, body: { ok: true } }),
  };
  const routes = [slow, quick];
  await using sample = await sampleServer({ routes, limits: { answerWithinMs: 20 } });
  const { server, meters } = sample;
  const answer = await server.inject({ url: "/api/v1/slow" });
  assert.deepEqual([answer.statusCode, answer.json<{ code: string }>().code], [503, "UNAVAILABLE"]);
  assert.equal(answer.headers["retry-after"], "1");
  assert.equal(meters.http.live.requests, 0);
  assert.match(await meters.text(), /^http_requests_shed_total\{reason="deadline"\} 1$/m);
  letGo();
  assert.equal((await server.inject({ url: "/api/v1/quick" })).statusCode, 200);
});

test("a stream returned after the deadline is ended unread", async () => {
  const { slow, waiting, letGo } = slowRoute();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const stream: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.resolve({ done: true, value: "" }),
      return: () => {
        end();
        return Promise.resolve({ done: true, value: "" });
      },
    }),
  };
  const streaming: Route = {
    ...slow,
    answerType: "text/event-stream",
    handle: async () => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { status: 200, stream };
    },
  };
  await using sample = await sampleServer({ routes: [streaming], limits: { answerWithinMs: 10 } });
  const answer = await sample.server.inject({ url: "/api/v1/slow" });
  assert.equal(answer.statusCode, 503);
  letGo();
  await ended;
});
