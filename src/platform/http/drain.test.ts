import assert from "node:assert/strict";
import http from "node:http";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Type } from "typebox";
import { sampleServer } from "#test/support/sample-server.ts";
import { route } from "./route.ts";
import type { ServerLimits } from "./server.ts";

const served = async (limits: ServerLimits = {}) => {
  let letGo: (() => void) | undefined;
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
      await new Promise<void>((resolve) => (letGo = resolve));
      return { status: 200, body: { ok: true } };
    },
  });
  const { server } = await sampleServer({ routes: [slow], limits });
  const url = await server.listen({ host: "127.0.0.1", port: 0 });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const get = (path: string, by?: http.Agent): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const request = http.get(`${url}${path}`, { agent: by ?? false }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      });
      request.on("error", reject);
    });
  const inFlight = async (): Promise<Promise<{ status: number; text: string }>[]> => {
    const answer = get("/api/v1/slow");
    answer.catch(() => {});
    while (letGo === undefined) await sleep(2);
    return [answer];
  };
  return { server, get, agent, inFlight, letGo: () => letGo?.() };
};

test("closing lets a request in flight end and accepts no new connection", async () => {
  const { server, get, inFlight, letGo } = await served();
  const [answer] = await inFlight();
  const closing = server.close();
  await sleep(20);
  await assert.rejects(get("/healthz"), /ECONNREFUSED|ECONNRESET/);
  letGo();
  assert.deepEqual(await answer, { status: 200, text: '{"ok":true}' });
  await closing;
});

test("closing cuts off a request that does not end within drainMs", async () => {
  const { server, inFlight } = await served({ drainMs: 100 });
  const [answer] = await inFlight();
  await server.close();
  await assert.rejects(answer ?? Promise.resolve());
});

test("closing does not wait for idle connections", async () => {
  const { server, get, agent } = await served({ drainMs: 600_000 });
  await get("/healthz", agent);
  await server.close();
  agent.destroy();
});

test("a closing server reports not ready at once and serves requests for drainDelayMs", async () => {
  const { server, get } = await served({ drainDelayMs: 150 });
  assert.equal((await get("/readyz")).status, 200);
  const closing = server.close();
  const readiness = await get("/readyz");
  assert.equal(readiness.status, 503);
  assert.match(readiness.text, /"server":"draining"/);
  assert.equal((await get("/healthz")).status, 200);
  await closing;
});

test("a second close waits for the first", async () => {
  const { server } = await served();
  await Promise.all([server.close(), server.close()]);
  await server.close();
});
