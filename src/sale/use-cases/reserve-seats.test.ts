import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import {
  alice,
  concert,
  date,
  mintFrom,
  nowMs,
  otherDate,
  placeOf,
  price,
  reservationWith,
} from "#test/support/batch.ts";
import type { Reserve, ReserveOutcome, StoredAnswer } from "../domain/commands.ts";
import type { SeatMap } from "../domain/seat-map.ts";
import type { SeatStatus } from "../domain/seat.ts";
import type { BoxOffice } from "../ports/box-office.ts";
import type { BuyerView } from "../ports/buyers.ts";
import type { Attempt, EnterOutcome, GlanceOutcome } from "../ports/queue-gate.ts";
import { reserveSeats, type ReserveSeats, type ReserveSeatsDeps } from "./reserve-seats.ts";

const reservation = reservationWith({ expiresAtMs: nowMs + 300_000 });
const reserved: ReserveOutcome = { kind: "reserved", reservation };
const entered: EnterOutcome = { kind: "entered" };
const active: GlanceOutcome = { kind: "active", holding: false, bought: false };
const intent = { key: "a key/%", fingerprint: "f" };
const command: ReserveSeats = {
  claims: { userId: alice, concertId: concert, placeId: "1.8", ...placeOf(8) },
  date,
  seatNumbers: [2, 1],
  intent: null,
};

const away = { glance: { kind: "away" }, enter: { kind: "away" } } as const;
const activeClaims = { ...command.claims, activeUntilSeconds: nowMs / 1000 + 1 };

const seatMap = (statuses: readonly SeatStatus[], startsAtMs = nowMs + 1): SeatMap => ({
  date,
  startsAtMs,
  seats: statuses.map((status, index) => ({
    seatNumber: index + 1,
    grade: "R",
    price,
    status,
    expiresAtMs: status === "HELD" ? nowMs + 1 : null,
  })),
});

interface World {
  readonly stored?: readonly (StoredAnswer | null)[];
  readonly enter?: EnterOutcome;
  /** As `enter` unless told. */
  readonly glance?: GlanceOutcome;
  readonly seatMap?: SeatMap;
  /** What is taken now, whatever the picture says. */
  readonly taken?: readonly number[];
  /** What the database knows of him. */
  readonly buyer?: BuyerView;
  readonly dates?: readonly string[];
  readonly submit?: () => Promise<ReserveOutcome>;
}

/** Tiny stand-ins for the ports, and what they were asked. */
const portsWith = (world: World = {}) => {
  const calls: string[] = [];
  const submitted: Reserve[] = [];
  const settled: unknown[] = [];
  const attempts: Attempt[] = [];
  const stored = [...(world.stored ?? [])];
  const boxOffice: Pick<BoxOffice, "submit"> = {
    submit: (async (asked: Reserve) => {
      calls.push("submit");
      submitted.push(asked);
      return (await world.submit?.()) ?? reserved;
    }) as BoxOffice["submit"],
  };
  const deps: ReserveSeatsDeps = {
    answers: {
      find: async () => {
        calls.push("find");
        return stored.shift() ?? null;
      },
    },
    boxOffice,
    buyers: {
      get: async () => {
        calls.push("buyer");
        return world.buyer ?? { ended: placeOf(7), hasSeats: false };
      },
    },
    seatMaps: {
      get: async () => ({ shows: [world.seatMap ?? seatMap(["AVAILABLE", "AVAILABLE"])], nowMs }),
      peek: () => (world.seatMap ? { shows: [world.seatMap], nowMs } : null),
    },
    takenSeats: {
      find: async () => {
        calls.push("taken");
        return world.taken ?? [];
      },
    },
    concerts: {
      find: async () => ({
        concertId: concert,
        currency: "KRW",
        dates: (world.dates ?? [date]).map((one) => ({ date: one, startsAtMs: nowMs + 1 })),
        policy: { holdSeconds: 300, maxSeatsPerUser: 4, maxSeatsPerReservation: 3 },
      }),
    },
    queueGate: {
      enter: async (attempt) => {
        calls.push("enter");
        attempts.push(attempt);
        return world.enter ?? entered;
      },
      glance: async () => {
        calls.push("glance");
        return world.glance ?? active;
      },
      settle: async (attempt, hold) => {
        assert.equal(attempt, attempts[0]);
        calls.push("settle");
        settled.push(hold);
        return true;
      },
    },
    mintId: mintFrom(),
    clock: { nowMs: () => nowMs },
  };
  return { run: reserveSeats(deps), calls, submitted, settled, attempts };
};

const kindOf = async (world: World, part: Partial<ReserveSeats> = {}): Promise<string> =>
  (await portsWith(world).run({ ...command, ...part })).kind;

describe("reserving seats", () => {
  it("enters, decides, and settles with the hold", async () => {
    const world = portsWith();
    assert.equal(await world.run(command), reserved);
    assert.deepEqual(world.calls, ["enter", "submit", "settle"]);
    assert.deepEqual(world.settled, [
      { reservationId: reservation.reservationId, expiresAtMs: reservation.expiresAtMs },
    ]);
    const [asked] = world.submitted;
    assert.deepEqual(asked?.seatNumbers, [1, 2]);
    assert.deepEqual(asked?.place, placeOf(8));
    assert.equal(asked?.maxSeatsPerReservation, 3);
    const [attempt] = world.attempts;
    assert.deepEqual(attempt?.seatNumbers, [1, 2]);
    assert.equal(attempt?.keyTag, "");
    assert.notEqual(attempt?.owner, asked?.reservationId);
    assert.ok((attempt?.leaseMs ?? 0) > 2500, "the slot outlives the command");
  });

  it("settles without a hold when it is refused, and when the box office fails", async () => {
    const refused = portsWith({ submit: async () => ({ kind: "ended" }) });
    assert.equal((await refused.run(command)).kind, "ended");
    assert.deepEqual(refused.settled, [null]);
    const failed = portsWith({ submit: () => Promise.reject(new Unavailable("away")) });
    await assert.rejects(failed.run(command), Unavailable);
    assert.deepEqual(failed.settled, [null]);
  });

  it("answers a stored key before it asks the queue, and refuses another request under it", async () => {
    const answer = { kind: "reserved", reservation } as const;
    const world = portsWith({ stored: [{ fingerprint: "f", answer }] });
    assert.deepEqual(await world.run({ ...command, intent }), { kind: "replayed", answer });
    assert.deepEqual(world.calls, ["find"]);
    const other = { stored: [{ fingerprint: "g", answer }], enter: { kind: "ended" } } as const;
    assert.equal(await kindOf(other, { intent }), "key-reused");
  });

  it("looks again before it refuses a request with a key: the first one may have ended meanwhile", async () => {
    const stored = [null, { fingerprint: "f", answer: { kind: "reserved", reservation } }] as const;
    for (const kind of ["ended", "not-active"] as const) {
      assert.equal(await kindOf({ stored, enter: { kind } }, { intent }), "replayed");
    }
    const locked = { kind: "locked", seatNumbers: [1], twin: true } as const;
    assert.equal(await kindOf({ stored, enter: locked }, { intent }), "replayed");
  });

  it("tells twins by user and key, in characters that any store takes", async () => {
    const world = portsWith();
    await world.run({ ...command, intent });
    assert.equal(world.attempts[0]?.keyTag, `${alice}.a%20key%2F%25`);
  });

  it("refuses at the gate without asking the database to decide", async () => {
    const table: [EnterOutcome, string][] = [
      [{ kind: "not-active" }, "not-active"],
      [{ kind: "ended" }, "ended"],
      [{ kind: "locked", seatNumbers: [2], twin: false }, "seats-unavailable"],
      [{ kind: "locked", seatNumbers: [1, 2], twin: true }, "key-in-progress"],
    ];
    for (const [enter, kind] of table) {
      const world = portsWith({ enter });
      assert.equal((await world.run(command)).kind, kind);
      assert.deepEqual(world.calls, ["enter"]);
    }
  });

  it("asks for the date after the turn, and before what is taken", async () => {
    const dates = [otherDate];
    const locked = { kind: "locked", seatNumbers: [2], twin: false } as const;
    assert.equal(await kindOf({ dates, enter: { kind: "not-active" } }), "not-active");
    assert.equal(await kindOf({ dates, enter: locked }), "date-not-found");
    const world = portsWith({ dates });
    assert.equal((await world.run(command)).kind, "date-not-found");
    assert.deepEqual(world.settled, [null]);
  });

  it("refuses a show that has begun, one without seats, and a concert that is not there", async () => {
    assert.equal(await kindOf({ seatMap: seatMap(["AVAILABLE"], nowMs) }), "date-not-found");
    assert.equal(await kindOf({ seatMap: { ...seatMap([]), date: otherDate } }), "date-not-found");
    assert.equal(await kindOf({ dates: [] }), "date-not-found");
  });

  it("turns away without a transaction who wants a taken seat, unless an earlier refusal may apply", async () => {
    const sold = seatMap(["SOLD", "SOLD"]);
    const table: [string, World, Partial<ReserveSeats>, decided: boolean][] = [
      ["all sold", { seatMap: sold }, {}, false],
      ["free in the picture", { taken: [1, 2] }, {}, true],
      ["held, and given up since", { seatMap: seatMap(["HELD", "HELD"]) }, {}, true],
      ["held still", { seatMap: seatMap(["HELD", "AVAILABLE"]), taken: [1, 2] }, {}, false],
      ["some sold", { seatMap: seatMap(["SOLD", "AVAILABLE"]), taken: [1, 2] }, {}, false],
      ["he holds", { seatMap: sold, glance: { ...active, holding: true } }, {}, true],
      ["he owns some", { seatMap: sold, glance: { ...active, bought: true } }, {}, true],
      ["the queue is away", { seatMap: sold, ...away }, {}, false],
      [
        "the queue is away, and he has seats",
        { seatMap: sold, ...away, buyer: { ended: placeOf(7), hasSeats: true } },
        {},
        true,
      ],
      [
        "too many",
        { seatMap: seatMap(["SOLD", "SOLD", "SOLD", "SOLD"]) },
        { seatNumbers: [1, 2, 3, 4] },
        true,
      ],
    ];
    const claims = activeClaims;
    for (const [title, given, part, decided] of table) {
      const world = portsWith(given);
      const outcome = await world.run({ ...command, claims, ...part });
      assert.equal(world.submitted.length, decided ? 1 : 0, title);
      if (!decided) assert.deepEqual(outcome, { kind: "seats-unavailable", seatNumbers: [1, 2] });
      assert.equal(world.calls.includes("enter"), decided, `${title}: no lock in vain`);
      assert.equal(world.calls.includes("settle"), decided, title);
    }
  });

  it("asks for the turn, and then for the date, before it says that a seat is taken", async () => {
    const sold = seatMap(["SOLD", "SOLD"]);
    for (const kind of ["ended", "not-active"] as const) {
      const world = portsWith({ seatMap: sold, glance: { kind }, dates: [otherDate] });
      assert.deepEqual(await world.run(command), { kind });
      assert.deepEqual(world.calls, ["glance"]);
    }
    assert.equal(await kindOf({ seatMap: sold, dates: [otherDate] }), "date-not-found");
    assert.equal(await kindOf({ seatMap: seatMap(["SOLD", "SOLD"], nowMs) }), "date-not-found");
  });

  it("looks for the key's answer again before it turns away: the seat may be taken by its own", async () => {
    const stored = [null, { fingerprint: "f", answer: { kind: "reserved", reservation } }] as const;
    const held = { seatMap: seatMap(["HELD", "HELD"]), taken: [1, 2] };
    assert.equal(await kindOf({ ...held, stored }, { intent }), "replayed");
    const ended = { seatMap: held.seatMap, glance: { kind: "ended" } } as const;
    assert.equal(await kindOf({ ...ended, stored }, { intent }), "replayed");
    const world = portsWith(held);
    assert.equal((await world.run({ ...command, intent })).kind, "seats-unavailable");
    assert.deepEqual(world.calls, ["find", "glance", "taken", "find"]);
  });

  it("sees the twin of a request whose seat has been given up, at the lock", async () => {
    const locked = { kind: "locked", seatNumbers: [1, 2], twin: true } as const;
    const world = { seatMap: seatMap(["HELD", "HELD"]), enter: locked };
    assert.equal(await kindOf(world, { intent }), "key-in-progress");
  });

  it("without the queue's store, believes the database that the place has ended", async () => {
    const sold = { seatMap: seatMap(["SOLD", "SOLD"]), ...away };
    const buyer = { ended: placeOf(8), hasSeats: false };
    const world = portsWith({ ...sold, buyer });
    const asked = { ...command, claims: activeClaims };
    assert.deepEqual(await world.run(asked), { kind: "ended" });
    assert.deepEqual(world.calls, ["glance", "buyer"]);
    await assert.rejects(portsWith(sold).run(command), Unavailable);
  });

  it("goes on without the queue's store only for a token that says by itself that it is ACTIVE", async () => {
    const table: [activeUntilSeconds: number | undefined, goesOn: boolean][] = [
      [nowMs / 1000 + 1, true],
      [nowMs / 1000, false],
      [undefined, false],
    ];
    for (const [activeUntilSeconds, goesOn] of table) {
      const until = activeUntilSeconds === undefined ? {} : { activeUntilSeconds };
      const world = portsWith({ enter: { kind: "away" } });
      const running = world.run({ ...command, claims: { ...command.claims, ...until } });
      if (goesOn) assert.equal((await running).kind, "reserved");
      else await assert.rejects(running, Unavailable);
    }
  });
});
