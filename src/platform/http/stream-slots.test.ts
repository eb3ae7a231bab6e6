import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { test } from "node:test";
import { Type } from "typebox";
import { until } from "#test/support/concurrency.ts";
import { concert, sampleRoutes, sampleServer } from "#test/support/sample-server.ts";
import { route, type Route } from "./route.ts";

const silent = async function* (): AsyncGenerator<string> {
  yield "first\n";
  await new Promise(() => {});
};

/** A stream for callers without a token, as the file of a draw is one. */
const file: Route = route({
  method: "GET",
  path: "/api/v1/file",
  operationId: "downloadFile",
  tag: "Sample",
  summary: "Sample",
  problems: [],
  auth: "none",
  answers: { 200: Type.String() },
  answerType: "text/plain",
  handle: () => ({ status: 200, stream: silent() }),
});

const connect = async (url: string, headers: http.OutgoingHttpHeaders = {}) => {
  const request = http.get(url, { headers, agent: false });
  request.on("error", () => {});
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  response.on("error", () => {}).resume();
  return response;
};

const served = async (limits: object) => {
  const routes = [...sampleRoutes(silent), file];
  const sample = await sampleServer({ routes, limits, trustProxy: true });
  const url = await sample.server.listen({ host: "127.0.0.1", port: 0 });
  const download = (address: string) =>
    connect(`${url}/api/v1/file`, { "x-forwarded-for": address });
  const follow = () =>
    connect(`${url}/api/v1/concerts/${concert}/queue/tokens/me/events`, {
      authorization: "Bearer queue-x",
    });
  return { ...sample, download, follow };
};

test("streams without a token have a bound of their own and take no slot of the fans", async () => {
  await using sample = await served({
    streamsMax: 1,
    anonymousStreamsMax: 3,
    anonymousStreamsPerAddressMax: 2,
    drainMs: 0,
  });
  const { download, follow, meters } = sample;
  const first = await download("192.0.2.1");
  assert.equal((await download("192.0.2.1")).statusCode, 200);
  const beyondAddress = await download("192.0.2.1");
  assert.deepEqual([beyondAddress.statusCode, beyondAddress.headers["retry-after"]], [429, "5"]);
  assert.equal((await download("192.0.2.2")).statusCode, 200);
  assert.equal((await download("192.0.2.3")).statusCode, 503);
  assert.equal((await follow()).statusCode, 200, "the one slot of the fans is free");
  assert.equal((await follow()).statusCode, 503);
  assert.match(await meters.text(), /http_requests_shed_total\{reason="streams"\} 3/);

  first.destroy();
  await until(() => meters.http.live.streams === 3);
  assert.equal((await download("192.0.2.1")).statusCode, 200, "a closed stream frees its slot");
});

test("by default one address has 8 streams without a token", async () => {
  await using sample = await served({ drainMs: 0 });
  const statuses: (number | undefined)[] = [];
  for (let count = 0; count < 9; count += 1)
    statuses.push((await sample.download("192.0.2.1")).statusCode);
  assert.deepEqual(statuses, [...Array.from({ length: 8 }, () => 200), 429]);
});
