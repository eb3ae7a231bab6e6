import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { queryObjects } from "node:v8";
import { LaneConnection } from "#platform/http/lane/connection.ts";
import { LaneReply, LaneRequest } from "#platform/http/lane/exchange.ts";
import { readRequest } from "#platform/http/lane/grammar.ts";
import { eventually } from "#test/support/concurrency.ts";
import { concert, me, sampleServer } from "#test/support/sample-server.ts";
import { soak } from "./soak.ts";

// A small part of `npm run soak:lane`, which sends a million.

const requests = [
  `GET /api/v1/concerts/${concert}/queue/tokens/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer queue-active\r\n\r\n`,
  `GET /api/v1/users/${me}/balance HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer access-later\r\n\r\n`,
  `POST /api/v1/users HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
  `GET /api/v1/users/${me}/balance HTTP/1.1\r\nHost: a\r\n\r\n`,
].map((text) => Buffer.from(text));
const odd = Buffer.from("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");

test("after 6,000 requests on 300 connections nothing of them is left", async () => {
  await using server = await sampleServer({ fastLane: readRequest });
  let passed = 0;
  server.server.server.prependListener("request", () => void (passed += 1));
  await server.server.listen({ port: 0, host: "127.0.0.1" });
  const { port } = server.server.server.address() as AddressInfo;
  const handles = () => process.getActiveResourcesInfo().filter((it) => it === "TCPSocketWrap");
  const before = handles().length;
  const sizes = { requestsTotal: 6_000, connections: 16, answersPerConnection: 20 };
  const soaked = soak({ port, requests, odd, ...sizes });
  await eventually(
    "a connection is seen in memory",
    () => queryObjects(LaneConnection) || undefined,
  );
  assert.deepEqual(Object.fromEntries(await soaked), { 200: 3_000, 201: 1_500, 401: 1_500 });
  // Only what the connections were handed over for.
  assert.equal(passed, 75);
  await eventually("every connection is closed", () =>
    handles().length === before ? true : undefined,
  );
  await eventually("nothing of the lane is in memory", () =>
    [LaneConnection, LaneRequest, LaneReply].every((it) => queryObjects(it) === 0)
      ? true
      : undefined,
  );
  assert.match(await server.meters.text(), /http_requests_in_flight 0/);
});
