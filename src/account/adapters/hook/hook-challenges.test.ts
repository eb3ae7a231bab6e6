import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { until } from "#test/support/concurrency.ts";
import { hookChallenges, type HookChallengesOptions } from "./hook-challenges.ts";

const request = { kind: "create-user" } as const;
const hook = {
  status: 204,
  isSilent: false,
  bodies: [] as unknown[],
  open: [] as ServerResponse[],
};
let url = "";

const server = createServer((incoming, outgoing) => {
  let text = "";
  incoming.on("data", (chunk: Buffer) => (text += chunk.toString()));
  incoming.on("end", () => {
    hook.bodies.push({ method: incoming.method, ...(JSON.parse(text) as object) });
    if (hook.isSilent) return void hook.open.push(outgoing);
    outgoing.writeHead(hook.status, hook.status === 302 ? { location: url } : {});
    outgoing.end(hook.status === 204 ? undefined : "no");
  });
});

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/entry?key=k`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const challenges = (options: Partial<HookChallengesOptions> = {}) => {
  Object.assign(hook, { status: 204, isSilent: false, bodies: [], open: [] });
  return hookChallenges({ url, timeoutMs: 60_000, ...options });
};

test("the check gets the action, its ids and the response", async () => {
  const { passes } = challenges();
  const userId = toId<"user">("0190a1b2-0000-7000-8000-00000000000a");
  const concertId = toId<"concert">("0190a1b2-0000-7000-8000-00000000000b");
  assert.equal(await passes(null, request), true);
  assert.equal(await passes("code", { kind: "join-queue", userId, concertId }), true);
  assert.deepEqual(hook.bodies, [
    { method: "POST", action: "create-user", response: null },
    { method: "POST", action: "join-queue", response: "code", userId, concertId },
  ]);
});

test("200 and 204 pass, and 403 does not", async () => {
  const { passes } = challenges();
  for (const [status, expected] of [
    [200, true],
    [204, true],
    [403, false],
  ] as const) {
    hook.status = status;
    assert.equal(await passes("code", request), expected, String(status));
  }
});

test("any other answer, none in time and no check at all let no user in", async () => {
  const { passes } = challenges();
  for (const status of [302, 400, 401, 404, 429, 500, 503]) {
    hook.status = status;
    await assert.rejects(passes("code", request), Unavailable, String(status));
  }
  const hasty = challenges({ timeoutMs: 50 });
  hook.isSilent = true;
  await assert.rejects(hasty.passes("code", request), Unavailable);
  const nowhere = hookChallenges({ url: "http://127.0.0.1:1/" });
  await assert.rejects(nowhere.passes("code", request), Unavailable);
});

test("beyond the calls in flight a request is refused at once, and a finished call makes room", async () => {
  const { passes } = challenges({ callsMax: 2 });
  hook.isSilent = true;
  const running = [passes("a", request), passes("b", request)];
  await until(() => hook.open.length === 2);
  await assert.rejects(passes("c", request), Unavailable);
  for (const response of hook.open) response.writeHead(204).end();
  assert.deepEqual(await Promise.all(running), [true, true]);
  hook.isSilent = false;
  assert.equal(await passes("d", request), true);
  assert.equal(hook.bodies.length, 3);
});
