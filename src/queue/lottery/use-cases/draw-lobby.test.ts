import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import type { UserId } from "#kernel/ids.ts";
import { drawHashes } from "../adapters/draw-hashes.ts";
import type { DrawRecord } from "../../admission/domain/draw.ts";
import type { DrawAttempt, DrawPage } from "../ports/draws.ts";
import type { ReadLobby, LobbyPage } from "../ports/lobby.ts";
import { newConcert, newUser } from "../../contracts/queue-store.contract.ts";
import type { Stock } from "#kernel/stock.ts";
import type { QueueSchedule } from "../../admission/ports/sales.ts";
import { drawLobby } from "./draw-lobby.ts";

const admitsAtMs = 10_000;
const lottery: QueueSchedule = {
  concertId: newConcert(),
  policy: {
    mode: "lottery",
    opensAtMs: 1_000,
    admitsAtMs,
    maxActive: 2,
    admissionsPerMinute: 600,
    shoppersPerSeat: 2,
    sessionSeconds: 600,
    idleSeconds: 0,
    holdSeconds: 300,
    maxSeatsPerUser: 4,
    claimSeconds: 60,
  },
  pausedAtMs: null,
  resumedAtMs: null,
  rampSeconds: null,
  closedAtMs: null,
  cancelledAtMs: null,
  drawSeed: "cd".repeat(32),
};

interface Setting {
  readonly people?: readonly UserId[];
  /** The maximum size of a page, whatever the draw asks for. */
  readonly pageMax?: number;
  readonly stock?: Stock | null;
  readonly recovering?: boolean;
  /** Returned instead of a page. */
  readonly instead?: (ask: ReadLobby, reads: number) => LobbyPage | null;
  readonly nowMs?: number;
}

const scene = (setting: Setting = {}) => {
  const {
    people = [],
    pageMax = 1_000,
    stock = { available: 9, held: 0, mayReturn: 0, sold: 0, total: 9, hasEnded: false },
  } = setting;
  const entrants = people.map((userId, drawValue) => ({ userId, drawValue }));
  const pages: [number, DrawPage][] = [];
  const saved: [DrawAttempt, DrawRecord][] = [];
  const asks: ReadLobby[] = [];
  const nowMs = setting.nowMs ?? admitsAtMs + 5;
  const counters = { recovering: setting.recovering ?? false } as never;
  const draw = drawLobby({
    clock: { nowMs: () => nowMs },
    mintId: randomUUID,
    hashes: drawHashes,
    sales: { stock: async () => stock },
    store: { getSnapshot: async () => ({ atMs: nowMs, epoch: 1, counters }) },
    draws: {
      writePage: async (_, number, page) => void pages.push([number, page]),
      save: async (attempt, record) => {
        saved.push([attempt, record]);
        return saved[0]?.[1] ?? record;
      },
    },
    lobby: {
      async read(_, ask) {
        asks.push(ask);
        const instead = setting.instead?.(ask, asks.length) ?? null;
        if (instead !== null) return instead;
        const from = ask.after === null ? 0 : ask.after.drawValue + 1;
        const page = entrants.slice(from, from + Math.min(pageMax, ask.entrantsMax));
        const more = from + page.length < entrants.length;
        return { kind: "page", epoch: 1, closedAtMs: admitsAtMs + 1, entrants: page, more };
      },
    },
  });
  return { draw: (schedule = lottery) => draw(schedule), pages, saved, asks };
};

test("the users of the lobby are written in whole pages, in order, and saved once", async () => {
  const people = Array.from({ length: 2_300 }, newUser);
  const { draw, pages, saved, asks } = scene({ people, pageMax: 700 });
  const record = await draw();
  const entrantsDigest = await drawHashes.digest([drawHashes.hashUsers(people)]);
  assert.deepEqual(record, { drawnAtMs: admitsAtMs + 1, entrants: 2_300, entrantsDigest });
  assert.deepEqual(
    pages.map(([number, { values }]) => [number, values.length, values[0]]),
    [
      [0, 1_000, 0],
      [1, 1_000, 1_000],
      [2, 300, 2_000],
    ],
  );
  const last = pages[2]?.[1].hashes ?? new Uint8Array();
  assert.deepEqual(Buffer.from(last), Buffer.from(drawHashes.hashUsers(people.slice(2_000))));
  assert.equal(saved.length, 1);
  assert.equal(new Set(asks.map(({ drawId }) => drawId)).size, 1, "one attempt");
  assert.equal(saved[0]?.[0].drawId, asks[0]?.drawId);
});

test("an empty lobby is drawn", async () => {
  const { draw, pages } = scene();
  const record = await draw();
  assert.equal(record?.entrants, 0);
  assert.equal(record.entrantsDigest, await drawHashes.digest([]));
  assert.deepEqual(pages, []);
});

const idle: readonly [string, Setting, QueueSchedule][] = [
  ["that is due in more than a second", { nowMs: admitsAtMs - 1_001 }, lottery],
  ["that the operator has closed", {}, { ...lottery, closedAtMs: 9_000 }],
  [
    "with nothing left to sell",
    { stock: { available: 0, held: 0, mayReturn: 0, sold: 9, total: 9, hasEnded: false } },
    lottery,
  ],
  [
    "of a sale that has ended",
    { stock: { available: 0, held: 0, mayReturn: 0, sold: 1, total: 9, hasEnded: true } },
    lottery,
  ],
  ["that recovers", { recovering: true }, lottery],
];

for (const [title, setting, schedule] of idle) {
  test(`the lobby is not read in a queue ${title}`, async () => {
    const { draw, asks } = scene(setting);
    assert.equal(await draw(schedule), null);
    assert.equal(asks.length, 0);
  });
}

test("a fifo queue is not drawn, and a drawn lottery is not drawn again", async () => {
  const { draw, asks } = scene();
  const policy = { ...lottery.policy, mode: "fifo" as const, admitsAtMs: null };
  assert.equal(await draw({ ...lottery, policy }), null);
  const record = { drawnAtMs: 1, entrants: 2, entrantsDigest: "ab" };
  assert.equal(await draw({ ...lottery, draw: record }), record);
  assert.equal(asks.length, 0);
});

for (const kind of ["open", "taken"] as const) {
  test(`no draw is saved while the lobby is ${kind}`, async () => {
    const { draw, saved } = scene({ instead: () => ({ kind }) });
    assert.equal(await draw(), null);
    assert.equal(saved.length, 0);
  });
}

test("a draw is not saved when another instance draws or the store has a new epoch", async () => {
  const people = Array.from({ length: 5 }, newUser);
  const ends: LobbyPage[] = [
    { kind: "taken" },
    { kind: "page", epoch: 2, closedAtMs: 1, entrants: [], more: false },
  ];
  for (const end of ends) {
    const { draw, saved } = scene({
      people,
      pageMax: 2,
      instead: (_, reads) => (reads === 2 ? end : null),
    });
    assert.equal(await draw(), null);
    assert.equal(saved.length, 0);
  }
});

test("a lobby that was lost just before the read is not drawn as an empty lobby", async () => {
  const lost: LobbyPage = { kind: "page", epoch: 2, closedAtMs: 1, entrants: [], more: false };
  const { draw, saved } = scene({ people: [newUser()], instead: () => lost });
  assert.equal(await draw(), null);
  assert.equal(saved.length, 0);
});
