import assert from "node:assert/strict";
import { test } from "node:test";
import { queueFixture } from "#test/support/queue-fixture.ts";
import { newUser } from "../../../contracts/queue-store.contract.ts";
import { joinQueue } from "../../../admission/use-cases/join-queue.ts";
import type { StreamEvent } from "../../streams/place-stream.ts";
import { streamPlaces } from "../../streams/stream-places.ts";
import { eventEncoder, eventsRoute } from "./events-route.ts";
import { statusBody } from "../../../admission/adapters/http/queue-routes.ts";

const statusEvent = async (retryMs: number | null) => {
  const { deps, concertId } = queueFixture();
  const outcome = await joinQueue(deps)({ concertId, userId: newUser() });
  if (outcome.kind !== "in-queue") return assert.fail(outcome.kind);
  return { kind: "status", status: outcome.status, retryMs } as const;
};

test("a status event has an id, a name and its JSON in one data field; the first has a retry time", async () => {
  const encode = eventEncoder();
  const event = await statusEvent(1_234);
  const { atMs } = event.status;
  const body = JSON.stringify(statusBody(event.status));
  assert.equal(encode(event), `id: ${atMs}-1\nevent: status\nretry: 1234\ndata: ${body}\n\n`);
  assert.equal(
    encode({ ...event, retryMs: null }),
    `id: ${atMs}-2\nevent: status\ndata: ${body}\n\n`,
  );
});

const others: readonly [StreamEvent, string][] = [
  [{ kind: "heartbeat" }, ":\n\n"],
  [{ kind: "unavailable" }, 'event: unavailable\ndata: {"code":"UNAVAILABLE"}\n\n'],
  [
    { kind: "replaced", retryMs: 20_000 },
    'event: replaced\nretry: 20000\ndata: {"reason":"TOO_MANY_STREAMS","retryAfterMs":20000}\n\n',
  ],
  [
    { kind: "reconnect", retryMs: 700 },
    'event: reconnect\nretry: 700\ndata: {"reason":"SERVER_MOVES_ON","retryAfterMs":700}\n\n',
  ],
];

for (const [event, text] of others) {
  test(`${event.kind} is encoded as an event`, () => {
    assert.equal(eventEncoder()(event), text);
  });
}

test("the route requires a queue token, returns a stream, and refuses an unknown concert", async () => {
  const { deps, concertId, claims, world } = queueFixture();
  const streams = streamPlaces<string>({ ...deps, nowMs: () => 0, encode: eventEncoder() });
  const route = eventsRoute((place) => streams.open(place));
  assert.deepEqual([route.auth, route.answerType], ["queue", "text/event-stream"]);
  const userId = newUser();
  await joinQueue(deps)({ concertId, userId });
  const caller = { claims: claims(userId, { epoch: 1, seq: 1 }) };
  const answer = await route.handle({ caller, params: { concertId } } as never);
  assert.ok("stream" in answer && answer.status === 200);
  world.schedule = null;
  const refusal = await route.handle({ caller, params: { concertId } } as never);
  assert.deepEqual(refusal, { problem: "CONCERT_NOT_FOUND" });
});
