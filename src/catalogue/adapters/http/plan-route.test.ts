import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { sampleServer } from "#test/support/sample-server.ts";
import { SharedBody } from "#platform/http/static-files.ts";
import { buildPlan } from "../../domain/seating-plan.ts";
import { planRoute } from "./plan-route.ts";

const id = "0199aaaa-0000-7000-8000-00000000000c";
const plan = buildPlan({
  grades: [{ name: "R", price: 1 }],
  sections: [{ name: "A", kind: "STANDING", grade: "R", capacity: 5 }],
});
const priced = (price: number) => ({
  planId: `p${price}`,
  plan,
  grades: [{ name: "R", price }],
});

test("a plan is written once, whatever the number of requests; a new price has its own text", async () => {
  let now = priced(1);
  const { handle } = planRoute(async () => now);
  const ask = async (): Promise<SharedBody> => {
    const answer = await handle({ params: { concertId: id }, query: {} } as never);
    assert.ok("body" in answer && answer.body instanceof SharedBody);
    return answer.body;
  };
  const [one, two] = await Promise.all([ask(), ask()]);
  assert.equal(one, two);
  now = priced(2);
  assert.match((await ask()).plain.toString(), /"price":2/);
});

const codings: readonly [
  accepted: string,
  coding: string | undefined,
  read: (bytes: Buffer) => Buffer,
][] = [
  ["br, gzip", "br", brotliDecompressSync],
  ["gzip", "gzip", gunzipSync],
  ["identity", undefined, (bytes) => bytes],
];
for (const [accepted, coding, read] of codings) {
  test(`a plan comes ${coding ?? "plain"} to a client that accepts ${accepted}`, async () => {
    await using sample = await sampleServer({ routes: [planRoute(async () => priced(1))] });
    const ask = (headers: Record<string, string>) =>
      sample.server.inject({
        url: `/api/v1/concerts/${id}/seating-plan?v=p1`,
        headers: { "accept-encoding": accepted, ...headers },
      });
    const { headers, rawPayload } = await ask({});
    assert.equal(headers["content-encoding"], coding);
    assert.equal(headers["content-type"], "application/json; charset=utf-8");
    assert.equal(headers["vary"], "Accept-Encoding");
    const { seatsTotal } = JSON.parse(read(rawPayload).toString()) as { seatsTotal: number };
    assert.equal(seatsTotal, 5);
    assert.equal((await ask({ "if-none-match": '"p1"' })).statusCode, 304);
  });
}
