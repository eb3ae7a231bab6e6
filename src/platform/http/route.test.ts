import assert from "node:assert/strict";
import { test } from "node:test";
import { Type } from "typebox";
import { route, type AnswerOf } from "./route.ts";

const Seat = Type.Object({ seatNumber: Type.Integer(), status: Type.Enum(["HELD", "SOLD"]) });
const Seats = Type.Object({ items: Type.Array(Seat), note: Type.Optional(Type.String()) });
const items = [{ seatNumber: 1, status: "HELD" }] as const;

const declare = (handle: () => AnswerOf<{ 200: typeof Seats; 204: null }>) =>
  route({
    method: "GET",
    path: "/seats",
    operationId: "listSeats",
    tag: "Seats",
    summary: "List seats",
    auth: "none",
    problems: [],
    answers: { 200: Seats, 204: null },
    handle,
  });

// Each `@ts-expect-error` is a planted violation: `npm run check` fails when the compiler accepts it.

declare(() => ({ status: 200, body: { items }, headers: { ETag: "1" } }));
declare(() => ({ status: 204 }));
declare(() => ({ problem: "NOT_FOUND" }));
// @ts-expect-error: `items`, which the schema requires, is missing.
declare(() => ({ status: 200, body: {} }));
// @ts-expect-error: `status` of an item is missing.
declare(() => ({ status: 200, body: { items: [{ seatNumber: 1 }] } }));
// @ts-expect-error: FREE is not one of the names of `status`.
declare(() => ({ status: 200, body: { items: [{ seatNumber: 1, status: "FREE" }] } }));
// @ts-expect-error: the body is missing.
declare(() => ({ status: 200 }));
// @ts-expect-error: a status declared with null has no body.
declare(() => ({ status: 204, body: {} }));
// @ts-expect-error: 201 is not declared.
declare(() => ({ status: 201, body: { items } }));

type Streamed = AnswerOf<{ 200: typeof Seats }, "text/event-stream">;
const streams: readonly Streamed[] = [
  { status: 200, stream: (async function* () {})() },
  // @ts-expect-error: a route with an `answerType` streams its success.
  { status: 200, body: { items } },
];

test("a route keeps the schemas that type the answers of its handler", () => {
  const declared = route({
    ...declare(() => ({ status: 204 })),
    auth: "none",
    answers: { 200: Seats },
    // @ts-expect-error: the compiler takes the handler's type from the `answers` beside it.
    handle: async () => ({ status: 200, body: {} }),
  });
  assert.equal(declared.answers[200], Seats);
  assert.equal(streams.length, 2);
});
