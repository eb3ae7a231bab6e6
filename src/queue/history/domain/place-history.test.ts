import assert from "node:assert/strict";
import { test } from "node:test";
import {
  joinNumber,
  placesOf,
  placeHistoryOf,
  type KnownPlaces,
  type PlaceOrigin,
  type PlaceEntry,
  type LivePlace,
} from "./place-history.ts";
import { seqAfterLobby } from "../../admission/domain/place.ts";

const place = { epoch: 1, seq: 300_000 };
const newer = { epoch: 2, seq: 7 };

const entry = (kind: PlaceEntry["kind"], atMs: number, at = place): PlaceEntry => ({
  ...at,
  kind,
  atMs,
  activeUntilMs: kind === "ADMITTED" ? atMs + 600 : null,
});

const known = (changes: Partial<KnownPlaces> = {}): KnownPlaces => ({
  entries: [],
  ended: null,
  live: { kind: "absent" },
  final: null,
  ...changes,
});

const origin: PlaceOrigin = { number: 300_000, joinedAtMs: 5, drawn: null };
const joined = { kind: "JOINED", atMs: 5, before: 299_999 };

test("a user without records has no places", () => {
  assert.deepEqual(placesOf(known()), []);
  assert.deepEqual(placesOf(known({ live: null })), []);
});

test("each place is listed once, oldest first, from all records", () => {
  const all = known({
    entries: [entry("ADMITTED", 9, newer), entry("LEFT", 1), entry("ADMITTED", 1)],
    ended: { ...place, reason: "LEFT", atMs: 1 },
    live: { kind: "active", place: newer, expiresAtMs: 99 },
  });
  assert.deepEqual(placesOf(all), [place, newer]);
  assert.deepEqual(placesOf(known({ live: { kind: "waiting", place, position: 1 } })), [place]);
  assert.deepEqual(placesOf(known({ ended: { ...place, reason: "PAID", atMs: 1 } })), [place]);
});

const livePlaces: readonly [LivePlace, object][] = [
  [{ kind: "lobby", place }, { status: "LOBBY" }],
  [
    { kind: "waiting", place, position: 300_000 },
    { status: "WAITING", position: 300_000 },
  ],
  [{ kind: "waiting", place, position: null }, { status: "WAITING" }],
  [{ kind: "skipped", place }, { status: "AWAY" }],
  [
    { kind: "active", place, expiresAtMs: 77 },
    { status: "ACTIVE", expiresAtMs: 77 },
  ],
  // Another place of the user is live, so this one has ended or is lost.
  [{ kind: "active", place: newer, expiresAtMs: 77 }, { status: "UNKNOWN" }],
  [{ kind: "absent" }, { status: "UNKNOWN" }],
];

for (const [live, expected] of livePlaces)
  test(`a live place ${JSON.stringify(live)} gives the status ${JSON.stringify(expected)}`, () => {
    const { events, place: mark, ...present } = placeHistoryOf(known({ live }), place, origin);
    const noDetails = { position: null, expiresAtMs: null, endedReason: null };
    assert.deepEqual(present, { ...noDetails, ...expected });
    assert.deepEqual(mark, place);
    assert.deepEqual(events, [joined]);
  });

test("the history lists joining, the draw and all later events in order", () => {
  const entries = [
    entry("ADMITTED", 10),
    entry("STEPPED_OVER", 20),
    entry("RETURNED", 30),
    entry("ADMITTED", 40),
    entry("PAID", 50),
    entry("ADMITTED", 60, newer),
  ];
  const drawn = { drawnAtMs: 8, drawValue: 123, rank: 4, entrants: 9 };
  const ended = { ...place, reason: "PAID", atMs: 50 } as const;
  const history = placeHistoryOf(known({ entries, ended }), place, { ...origin, drawn });
  assert.deepEqual([history.status, history.endedReason], ["ENDED", "PAID"]);
  assert.deepEqual(history.events.slice(0, 3), [
    joined,
    { kind: "DRAWN", atMs: 8, drawValue: 123, rank: 4, entrants: 9 },
    { kind: "ADMITTED", atMs: 10, activeUntilMs: 610 },
  ]);
  assert.deepEqual(
    history.events.map(({ kind }) => kind),
    ["JOINED", "DRAWN", "ADMITTED", "STEPPED_OVER", "RETURNED", "ADMITTED", "PAID"],
  );
});

test("an end that only the buyer's row has is listed, and each end is listed once", () => {
  const ended = { ...place, reason: "LEFT", atMs: 50 } as const;
  const left = { kind: "LEFT", atMs: 50, activeUntilMs: null };
  assert.deepEqual(placeHistoryOf(known({ ended }), place, origin).events, [joined, left]);
  const entries = [entry("LEFT", 50)];
  assert.deepEqual(placeHistoryOf(known({ ended, entries }), place, origin).events, [joined, left]);
});

test("a place older than an ended one counts as left", () => {
  const ended = { ...newer, reason: "PAID", atMs: 50 } as const;
  const history = placeHistoryOf(known({ ended }), place, origin);
  assert.deepEqual([history.status, history.endedReason], ["ENDED", "LEFT"]);
  assert.deepEqual(history.events.at(-1), { kind: "LEFT", atMs: null, activeUntilMs: null });
});

test("the end of the queue ends waiting places and not ACTIVE ones", () => {
  const final = "SOLD_OUT";
  const waited = placeHistoryOf(known({ entries: [entry("RETURNED", 30)], final }), place, origin);
  assert.deepEqual([waited.status, waited.endedReason], ["ENDED", "SOLD_OUT"]);
  assert.equal(waited.events.at(-1)?.kind, "SOLD_OUT");
  const live: LivePlace = { kind: "active", place, expiresAtMs: 77 };
  assert.equal(placeHistoryOf(known({ live, final }), place, origin).status, "ACTIVE");
});

test("a place that ended with a queue that goes on has ended so; a later one may be lost", () => {
  const entries = [entry("STEPPED_OVER", 10), entry("STEPPED_OVER", 20, newer)];
  const live: LivePlace = { kind: "absent", queueEnd: { through: place, reason: "SOLD_OUT" } };
  const statusOf = (of: typeof place) => placeHistoryOf(known({ entries, live }), of, origin);
  assert.equal(statusOf(place).endedReason, "SOLD_OUT");
  assert.equal(statusOf(newer).status, "UNKNOWN");
});

test("while the queue's store is unreachable, a place without a recorded end is UNKNOWN", () => {
  const entries = [entry("ADMITTED", 10)];
  const history = placeHistoryOf(known({ entries, live: null, final: "CLOSED" }), place, origin);
  assert.deepEqual([history.status, history.endedReason], ["UNKNOWN", null]);
});

test("a joining without a sample has a number and no time", () => {
  const history = placeHistoryOf(known(), place, { ...origin, joinedAtMs: null });
  assert.deepEqual(history.events, [{ ...joined, atMs: null }]);
});

test("a place in a lobby has no number of users before it", () => {
  const history = placeHistoryOf(known(), place, { number: null, joinedAtMs: null, drawn: null });
  assert.deepEqual(history.events, [{ kind: "JOINED", atMs: null, before: null }]);
});

test("the number of a place is its rank in the order of joining", () => {
  assert.equal(joinNumber({ epoch: 1, seq: 7 }, "fifo"), 7);
  assert.equal(joinNumber({ epoch: 1, seq: 1 }, "lottery"), null);
  assert.equal(joinNumber({ epoch: 1, seq: seqAfterLobby(7) }, "lottery"), 7);
});
