import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import type { Answer } from "#platform/http/route.ts";
import type { PlaceEvent, PlaceHistory } from "../../domain/place-history.ts";
import type { PlacesOfUser, ReadChart } from "../../use-cases/read-history.ts";
import { historyRoutes } from "./history-routes.ts";

const concertId = toId<"concert">("0190a1b2-0000-7000-8000-00000000000a");
const userId = toId<"user">("0190a1b2-0000-7000-8000-00000000000b");
const atMs = Date.parse("2026-11-22T10:00:00Z");

const waiting: PlaceHistory = {
  place: { epoch: 1, seq: 300_000 },
  status: "WAITING",
  position: 299_000,
  expiresAtMs: null,
  endedReason: null,
  events: [{ kind: "JOINED", atMs, before: 299_999 }],
};

const ask = async (
  operationId: string,
  found: PlacesOfUser | null,
  query: object = {},
): Promise<{ answer: Answer; asked: ReadChart[] }> => {
  const asked: ReadChart[] = [];
  const routes = historyRoutes({
    places: async () => found,
    chart: async (query) => {
      asked.push(query);
      if (found === null) return null;
      const point = { waiting: 1, active: 2, joined: 3, admitted: 4, left: 5, lapsed: 6 };
      const stock = { available: 7, held: 8, sold: 9 };
      const points = [
        { ...point, atMs, stock },
        { ...point, atMs, stock: null },
      ];
      return { points, stepMs: query.stepMs, atMs };
    },
  });
  const route = routes.find((one) => one.operationId === operationId) ?? assert.fail();
  const answer = await route.handle({ params: { concertId, userId }, query } as never);
  return { answer, asked };
};

const bodyOf = (answer: Answer): Record<string, unknown> =>
  "problem" in answer ? assert.fail(answer.problem) : (answer.body as Record<string, unknown>);

const readPlace = async (history: PlaceHistory) => {
  const found = { concertId, userId, places: [history], atMs };
  const { answer } = await ask("readPlaceHistory", found);
  const [place] = bodyOf(answer)["places"] as Record<string, unknown>[];
  return place ?? assert.fail();
};

const eventWordsOf = async (event: PlaceEvent): Promise<string> => {
  const { events } = await readPlace({ ...waiting, events: [event] });
  return String((events as { explanation: string }[])[0]?.explanation);
};

test("the history of a place explains why a user is at 300,000", async () => {
  const place = await readPlace(waiting);
  assert.deepEqual(place, {
    epoch: 1,
    seq: 300_000,
    status: "WAITING",
    position: 299_000,
    expiresAt: null,
    endedReason: null,
    explanation: "Waiting at position 299,000: 298,999 users ahead",
    events: [
      {
        event: "JOINED",
        at: "2026-11-22T10:00:00.000Z",
        activeUntil: null,
        before: 299_999,
        drawValue: null,
        rank: null,
        entrants: null,
        explanation: "Joined as number 300,000: 299,999 users had joined before",
      },
    ],
  });
});

test("a draw is explained with its value and its rank", async () => {
  const drawn: PlaceEvent = { kind: "DRAWN", atMs, drawValue: 77, rank: 2, entrants: 8 };
  const joined: PlaceEvent = { kind: "JOINED", atMs: null, before: null };
  const { events } = await readPlace({ ...waiting, events: [joined, drawn] });
  const [first, second] = events as Record<string, unknown>[];
  assert.deepEqual([first?.["before"], second?.["before"]], [null, null]);
  assert.match(String(first?.["explanation"]), /^Joined the lobby\..* the draw decides the order$/);
  assert.equal(first?.["at"], null);
  assert.deepEqual([second?.["drawValue"], second?.["rank"], second?.["entrants"]], [77, 2, 8]);
  assert.match(String(second?.["explanation"]), /^Drawn: rank 2 of 8\. The draw value 77 follows/);
});

test("each kind of event has its own explanation", async () => {
  const kinds = [
    "ADMITTED",
    "STEPPED_OVER",
    "RETURNED",
    "PAID",
    "LEFT",
    "LAPSED",
    "SOLD_OUT",
    "CLOSED",
  ] as const;
  const words = new Set<string>();
  for (const kind of kinds) words.add(await eventWordsOf({ kind, atMs, activeUntilMs: null }));
  assert.equal(words.size, kinds.length);
  const admitted = { kind: "ADMITTED", atMs, activeUntilMs: atMs + 600_000 } as const;
  assert.match(await eventWordsOf(admitted), /to buy until 2026-11-22T10:10:00.000Z$/);
  assert.match(await eventWordsOf({ kind: "JOINED", atMs, before: 1 }), /1 user had joined/);
});

const presents: readonly [Partial<PlaceHistory>, RegExp][] = [
  [{ status: "LOBBY", position: null }, /^In the lobby/],
  [{ status: "WAITING", position: null }, /there are no positions/],
  [{ status: "AWAY", position: null }, /admitted next after a return/],
  [{ status: "ACTIVE", expiresAtMs: atMs }, /^May buy now, until 2026-11-22T10:00:00.000Z/],
  [{ status: "ACTIVE" }, /^May buy now$/],
  [{ status: "ENDED", endedReason: "PAID" }, /^Paid/],
  [{ status: "ENDED" }, /^Has ended$/],
  [{ status: "UNKNOWN" }, /token restores it/],
];

for (const [changes, words] of presents)
  test(`a place with ${JSON.stringify(changes)} is explained in words`, async () => {
    assert.match(String((await readPlace({ ...waiting, ...changes }))["explanation"]), words);
  });

test("a user who never joined has no places; an unknown concert is a problem", async () => {
  const { answer } = await ask("readPlaceHistory", { concertId, userId, places: [], atMs });
  const serverTime = "2026-11-22T10:00:00.000Z";
  assert.deepEqual(bodyOf(answer), { concertId, userId, places: [], serverTime });
  for (const operationId of ["readPlaceHistory", "readStatsHistory"]) {
    const absent = await ask(operationId, null);
    assert.deepEqual(absent.answer, { problem: "CONCERT_NOT_FOUND" });
  }
});

test("a chart has a point every 10 s for an hour, and at most 360 points", async () => {
  const found = { concertId, userId, places: [], atMs };
  const steps: readonly [string | undefined, number][] = [
    [undefined, 10],
    ["1", 10],
    ["60", 10],
    ["61", 20],
    ["1440", 240],
  ];
  for (const [minutes, stepSeconds] of steps) {
    const { answer, asked } = await ask("readStatsHistory", found, { minutes });
    assert.equal(bodyOf(answer)["stepSeconds"], stepSeconds);
    const [query] = asked;
    assert.equal(query?.spanMs, Number(minutes ?? 60) * 60_000);
    assert.ok(query.spanMs / query.stepMs <= 360);
  }
  const { answer } = await ask("readStatsHistory", found);
  const [known, unknown] = bodyOf(answer)["items"] as Record<string, unknown>[];
  assert.deepEqual(known, {
    at: "2026-11-22T10:00:00.000Z",
    waiting: 1,
    active: 2,
    joined: 3,
    admitted: 4,
    left: 5,
    lapsed: 6,
    seatsAvailable: 7,
    seatsHeld: 8,
    seatsSold: 9,
  });
  assert.deepEqual([unknown?.["seatsAvailable"], unknown?.["seatsSold"]], [null, null]);
});
