import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CheckActiveOutcome, EnterOutcome, GateAttempt } from "#kernel/queue-gate.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import {
  alice,
  concert,
  date,
  hall,
  mintFrom,
  nowMs,
  otherDate,
  placeOf,
  price,
  reservationWith,
  showWith,
} from "#test/support/batch.ts";
import { planFrom, smallHall } from "#test/support/halls.ts";
import type { Reserve, ReserveOutcome, StoredAnswer } from "../domain/commands.ts";
import type { SeatMap } from "../domain/seat-map.ts";
import type { SeatStatus } from "../domain/seat.ts";
import type { BoxOffice } from "../ports/box-office.ts";
import type { BuyerView } from "../ports/buyers.ts";
import type { OutboxEvent } from "../domain/batch-state.ts";
import { reserveSeats, type ReserveSeats, type ReserveSeatsDeps } from "./reserve-seats.ts";

const reservation = reservationWith({ expiresAtMs: nowMs + 300_000 });
const reserved: ReserveOutcome = { kind: "reserved", reservation };
const entered: EnterOutcome = { kind: "entered" };
const active: CheckActiveOutcome = { kind: "active", holding: false, bought: false };
const intent = { key: "a key/%", fingerprint: "f" };
const command: ReserveSeats = {
  claims: { userId: alice, concertId: concert, placeId: "1.8", ...placeOf(8) },
  date,
  plan: hall,
  seatNumbers: [2, 1],
  intent: null,
};

const away = { check: { kind: "away" }, enter: { kind: "away" } } as const;
const activeClaims = { ...command.claims, activeUntilSeconds: nowMs / 1000 + 1 };

const seatMap = (statuses: readonly SeatStatus[], startsAtMs = nowMs + 1): SeatMap =>
  showWith(
    statuses.map((status) => (status === "HELD" ? [status, nowMs + 1] : [status])),
    startsAtMs,
  );

interface World {
  readonly stored?: readonly (StoredAnswer | null)[];
  readonly enter?: EnterOutcome;
  /** `active` when left out. */
  readonly check?: CheckActiveOutcome;
  readonly seatMap?: SeatMap;
  /** The seats that are taken in the database, whatever the seat map shows. Those that are SOLD there when left out. */
  readonly taken?: readonly number[];
  /** The user's state in the database. */
  readonly buyer?: Partial<BuyerView>;
  /** The policy's limit of holds that are not paid; 0 when left out. */
  readonly holdsPerUser?: number;
  /** The policy's rule for single seats; `allowed` when left out. */
  readonly singleSeats?: "allowed" | "refused";
  readonly cancelledAtMs?: number;
  readonly dates?: readonly string[];
  /** Whether the queue's store releases the locks; true when left out. */
  readonly isReleased?: boolean;
  readonly submit?: () => Promise<ReserveOutcome>;
}

/** Fake ports, and the calls that they received. */
const portsWith = (world: World = {}) => {
  const calls: string[] = [];
  const submitted: Reserve[] = [];
  const released: unknown[] = [];
  const marked: OutboxEvent[] = [];
  const attempts: GateAttempt[] = [];
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
        return { ended: placeOf(7), hasSeats: false, unpaidHolds: [], ...world.buyer };
      },
    },
    seatMaps: {
      get: async () => ({ shows: [world.seatMap ?? seatMap(["AVAILABLE", "AVAILABLE"])], nowMs }),
      peek: () => (world.seatMap ? { shows: [world.seatMap], nowMs } : null),
    },
    takenSeats: {
      find: async ({ seatNumbers }) => {
        calls.push("taken");
        const isSold = (seatNumber: number) => world.seatMap?.statuses[seatNumber - 1] === "S";
        return world.taken ?? seatNumbers.filter(isSold);
      },
    },
    concerts: {
      find: async () => ({
        concertId: concert,
        timeZone: "Asia/Seoul",
        currency: "KRW",
        grades: [{ name: "R", price }],
        dates: (world.dates ?? [date]).map((one) => ({ date: one, startsAtMs: nowMs + 1 })),
        policy: {
          holdSeconds: 300,
          maxSeatsPerUser: 4,
          maxSeatsPerReservation: 3,
          holdsPerUser: world.holdsPerUser ?? 0,
          holdCooldownSeconds: 0,
          singleSeats: world.singleSeats ?? "allowed",
          refunds: null,
        },
        cancelledAtMs: world.cancelledAtMs ?? null,
      }),
    },
    queueGate: {
      enter: async (attempt) => {
        calls.push("enter");
        attempts.push(attempt);
        return world.enter ?? entered;
      },
      checkActive: async () => {
        calls.push("check");
        return world.check ?? active;
      },
      releaseLocks: async (attempt, hold) => {
        assert.equal(attempt, attempts[0]);
        calls.push("release");
        released.push(hold);
        return world.isReleased ?? true;
      },
    },
    outbox: {
      deliverNow: () => assert.fail("releaseLocks delivers the hold"),
      markDelivered: (event) => void marked.push(event),
    },
    keyTagOf: (userId, key) => `tag of ${userId} ${key}`,
    mintId: mintFrom(),
    clock: { nowMs: () => nowMs },
  };
  return { run: reserveSeats(deps), calls, submitted, released, marked, attempts };
};

const kindOf = async (world: World, part: Partial<ReserveSeats> = {}): Promise<string> =>
  (await portsWith(world).run({ ...command, ...part })).kind;

describe("reserving seats", () => {
  it("an attempt passes the gate, is decided, and releases its locks with the hold", async () => {
    const world = portsWith();
    assert.equal(await world.run(command), reserved);
    assert.deepEqual(world.calls, ["enter", "submit", "release"]);
    assert.deepEqual(world.released, [
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

  it("the locks are released without a hold after a refusal and after a failure", async () => {
    const refused = portsWith({ submit: async () => ({ kind: "ended" }) });
    assert.equal((await refused.run(command)).kind, "ended");
    assert.deepEqual(refused.released, [null]);
    const failed = portsWith({ submit: () => Promise.reject(new Unavailable("away")) });
    await assert.rejects(failed.run(command), Unavailable);
    assert.deepEqual(failed.released, [null]);
  });

  it("a stored answer is returned before the queue is asked, and another request with the key is refused", async () => {
    const answer = { kind: "reserved", reservation } as const;
    const world = portsWith({ stored: [{ fingerprint: "f", answer }] });
    assert.deepEqual(await world.run({ ...command, intent }), { kind: "replayed", answer });
    assert.deepEqual(world.calls, ["find"]);
    const other = { stored: [{ fingerprint: "g", answer }], enter: { kind: "ended" } } as const;
    assert.equal(await kindOf(other, { intent }), "key-reused");
  });

  it("a request with a key that the gate refuses gets the answer that was stored meanwhile", async () => {
    const stored = [null, { fingerprint: "f", answer: { kind: "reserved", reservation } }] as const;
    for (const kind of ["ended", "not-active"] as const) {
      assert.equal(await kindOf({ stored, enter: { kind } }, { intent }), "replayed");
    }
    const locked = { kind: "locked", seatNumbers: [1], sameKey: true } as const;
    assert.equal(await kindOf({ stored, enter: locked }, { intent }), "replayed");
  });

  it("a request with a key names it to the gate by a digest", async () => {
    const world = portsWith();
    await world.run({ ...command, intent });
    assert.equal(world.attempts[0]?.keyTag, `tag of ${alice} ${intent.key}`);
  });

  it("a hold is marked as delivered only when the gate has released the locks with it", async () => {
    const { reservationId, expiresAtMs } = reservation;
    const content = { reservationId, expiresAtMs, ...placeOf(8) };
    const event = { topic: "hold-carried", concertId: concert, userId: alice, content };
    const refused: World = { submit: async () => ({ kind: "ended" }) };
    const table: [World, unknown[]][] = [
      [{}, [event]],
      [{ isReleased: false }, []],
      [refused, []],
    ];
    for (const [given, marked] of table) {
      const world = portsWith(given);
      await world.run(command);
      assert.deepEqual(world.marked, marked);
    }
  });

  it("a refusal of the gate does not reach the box office", async () => {
    const table: [EnterOutcome, string][] = [
      [{ kind: "not-active" }, "not-active"],
      [{ kind: "ended" }, "ended"],
      [{ kind: "locked", seatNumbers: [2], sameKey: false }, "seats-unavailable"],
      [{ kind: "locked", seatNumbers: [1, 2], sameKey: true }, "key-in-progress"],
    ];
    for (const [enter, kind] of table) {
      const world = portsWith({ enter });
      assert.equal((await world.run(command)).kind, kind);
      assert.deepEqual(world.calls, ["enter"]);
    }
  });

  it("the date is checked after the place and before the seats", async () => {
    const dates = [otherDate];
    const locked = { kind: "locked", seatNumbers: [2], sameKey: false } as const;
    assert.equal(await kindOf({ dates, enter: { kind: "not-active" } }), "not-active");
    assert.equal(await kindOf({ dates, enter: locked }), "date-not-found");
    const world = portsWith({ dates });
    assert.equal((await world.run(command)).kind, "date-not-found");
    assert.deepEqual(world.released, [null]);
  });

  it("a show that has begun, a show without seats and an unknown concert are date-not-found", async () => {
    assert.equal(await kindOf({ seatMap: seatMap(["AVAILABLE"], nowMs) }), "date-not-found");
    assert.equal(await kindOf({ seatMap: { ...seatMap([]), date: otherDate } }), "date-not-found");
    assert.equal(await kindOf({ dates: [] }), "date-not-found");
  });

  it("of a cancelled concert, the cancelling is told before taken seats, and after the place and the date", async () => {
    const sold = { seatMap: seatMap(["SOLD", "SOLD"]), cancelledAtMs: nowMs } as const;
    assert.equal(await kindOf(sold), "concert-cancelled");
    assert.equal(await kindOf({ ...sold, check: { kind: "not-active" } }), "not-active");
    assert.equal(await kindOf({ ...sold, dates: [otherDate] }), "date-not-found");
  });

  it("an attempt on a taken seat is refused without a transaction, unless an earlier refusal may apply", async () => {
    const sold = seatMap(["SOLD", "SOLD"]);
    const table: [string, World, Partial<ReserveSeats>, decided: boolean][] = [
      ["all sold", { seatMap: sold }, {}, false],
      ["SOLD in the seat map, refunded since", { seatMap: sold, taken: [] }, {}, true],
      ["AVAILABLE in the seat map", { taken: [1, 2] }, {}, true],
      ["HELD in the seat map, released since", { seatMap: seatMap(["HELD", "HELD"]) }, {}, true],
      ["still HELD", { seatMap: seatMap(["HELD", "AVAILABLE"]), taken: [1, 2] }, {}, false],
      ["some sold", { seatMap: seatMap(["SOLD", "AVAILABLE"]), taken: [1, 2] }, {}, false],
      ["the user has a hold", { seatMap: sold, check: { ...active, holding: true } }, {}, true],
      ["the user has tickets", { seatMap: sold, check: { ...active, bought: true } }, {}, true],
      ["the queue is away", { seatMap: sold, ...away }, {}, false],
      [
        "the queue is away, and the user has seats",
        { seatMap: sold, ...away, buyer: { ended: placeOf(7), hasSeats: true } },
        {},
        true,
      ],
      ["no hold was left unpaid", { seatMap: sold, holdsPerUser: 1 }, {}, false],
      [
        "too many holds were left unpaid",
        {
          seatMap: sold,
          holdsPerUser: 1,
          buyer: { unpaidHolds: [{ atMs: nowMs - 1, how: "lapsed" }] },
        },
        {},
        true,
      ],
      [
        "a lapsed hold is not swept yet",
        { seatMap: sold, holdsPerUser: 1, buyer: { hasSeats: true } },
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
      assert.equal(world.calls.includes("enter"), decided, `${title}: no lock without a decision`);
      assert.equal(world.calls.includes("release"), decided, title);
    }
  });

  it("a choice of a grade or section that the plan lacks is refused without a transaction, in its turn", async () => {
    const plan = planFrom({
      grades: [{ name: "R", price }],
      sections: [{ name: "Pit", kind: "STANDING", grade: "R", capacity: 5 }],
    });
    const wishOf = (part: object, count = 2) => ({
      seatNumbers: [],
      plan,
      best: { count, grade: null, section: null, together: false, ...part },
    });
    for (const part of [{ grade: "S" }, { section: "Attic" }]) {
      const world = portsWith();
      assert.deepEqual(await world.run({ ...command, ...wishOf(part) }), {
        kind: "seats-unavailable",
        seatNumbers: [],
        available: 0,
      });
      assert.deepEqual(world.calls, ["check"]);
    }
    assert.equal(await kindOf({}, wishOf({ grade: "R", section: "Pit" })), "reserved");
    const attic = wishOf({ section: "Attic" });
    assert.equal(await kindOf({ check: { kind: "ended" } }, attic), "ended");
    assert.equal(await kindOf({ dates: [] }, attic), "date-not-found");
    const holding = { check: { kind: "active", holding: true, bought: false } } as const;
    for (const [world, wish] of [
      [holding, attic],
      [{}, wishOf({ section: "Attic" }, 4)],
    ] as const) {
      const asked = portsWith(world);
      await asked.run({ ...command, ...wish });
      assert.deepEqual(asked.calls.slice(-2), ["submit", "release"]);
    }
  });

  it("the rows of the seats go with the command, each once, where the policy refuses single seats", async () => {
    const plan = planFrom(smallHall);
    const rowsOfCommand = async (world: World, part: Partial<ReserveSeats>) => {
      const { run, submitted } = portsWith(world);
      await run({ ...command, plan, ...part });
      return submitted[0]?.rows.map(({ firstSeat, lastSeat }) => [firstSeat, lastSeat]);
    };
    const refused = { singleSeats: "refused" } as const;
    const best = { count: 2, grade: null, section: null, together: false };
    const table: [World, Partial<ReserveSeats>, number[][]][] = [
      [{}, { seatNumbers: [12, 13] }, []],
      [refused, { seatNumbers: [12, 13, 11] }, [[11, 20]]],
      [
        refused,
        { seatNumbers: [10, 11] },
        [
          [1, 10],
          [11, 20],
        ],
      ],
      [refused, { seatNumbers: [85, 86] }, []],
      [refused, { seatNumbers: [80, 81] }, [[71, 80]]],
      [refused, { seatNumbers: [], best }, []],
      [refused, { plan: hall, seatNumbers: [7] }, [[1, 50]]],
    ];
    for (const [world, part, rows] of table)
      assert.deepEqual(await rowsOfCommand(world, part), rows, JSON.stringify(part.seatNumbers));
  });

  it("a taken seat is reported only after the place and the date were checked", async () => {
    const sold = seatMap(["SOLD", "SOLD"]);
    for (const kind of ["ended", "not-active"] as const) {
      const world = portsWith({ seatMap: sold, check: { kind }, dates: [otherDate] });
      assert.deepEqual(await world.run(command), { kind });
      assert.deepEqual(world.calls, ["check"]);
    }
    assert.equal(await kindOf({ seatMap: sold, dates: [otherDate] }), "date-not-found");
    assert.equal(await kindOf({ seatMap: seatMap(["SOLD", "SOLD"], nowMs) }), "date-not-found");
  });

  it("an attempt on a seat that its own key has taken gets the stored answer", async () => {
    const stored = [null, { fingerprint: "f", answer: { kind: "reserved", reservation } }] as const;
    const held = { seatMap: seatMap(["HELD", "HELD"]), taken: [1, 2] };
    assert.equal(await kindOf({ ...held, stored }, { intent }), "replayed");
    const ended = { seatMap: held.seatMap, check: { kind: "ended" } } as const;
    assert.equal(await kindOf({ ...ended, stored }, { intent }), "replayed");
    const world = portsWith(held);
    assert.equal((await world.run({ ...command, intent })).kind, "seats-unavailable");
    assert.deepEqual(world.calls, ["find", "check", "taken", "find"]);
  });

  it("a second request with the same key is in progress while the first holds the lock", async () => {
    const locked = { kind: "locked", seatNumbers: [1, 2], sameKey: true } as const;
    const world = { seatMap: seatMap(["HELD", "HELD"]), enter: locked };
    assert.equal(await kindOf(world, { intent }), "key-in-progress");
  });

  it("while the queue's store is away, the database says that the place has ended", async () => {
    const sold = { seatMap: seatMap(["SOLD", "SOLD"]), ...away };
    const buyer = { ended: placeOf(8), hasSeats: false };
    const world = portsWith({ ...sold, buyer });
    const asked = { ...command, claims: activeClaims };
    assert.deepEqual(await world.run(asked), { kind: "ended" });
    assert.deepEqual(world.calls, ["check", "buyer"]);
    await assert.rejects(portsWith(sold).run(command), Unavailable);
  });

  it("while the queue's store is away, only a token that is ACTIVE may reserve", async () => {
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
