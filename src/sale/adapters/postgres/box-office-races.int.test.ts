import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  dates,
  markOf,
  newId,
  openSaleFixture,
  seatPrice,
  type SaleFixture,
  type Teller,
} from "#test/support/box-office.ts";
import { sweep } from "#test/support/invariants.ts";
import { sleep, race, times } from "#test/support/concurrency.ts";

// Several offices on connections of their own race on one database: what several instances do when the
// locks in front of it have failed.

let sale: SaleFixture;
let offices: Teller[];
let nextSeat = 1;

/** Seats that no other test here uses. */
const seats = (count: number): number[] => times(count, () => nextSeat++);
const officeOf = (index: number): Teller => offices[index % offices.length] ?? assert.fail();

const countOf = (outcomes: readonly { readonly kind: string }[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

before(async () => {
  sale = await openSaleFixture();
  offices = [sale, sale.another(), sale.another()];
});
after(async () => {
  await sweep(sale.sql as SaleFixture["sql"]);
  await sale[Symbol.asyncDispose]();
});

describe("races between box offices", () => {
  it("one seat and 60 users: one user reserves it, the others get seats-unavailable", async () => {
    const [seat] = seats(1) as [number];
    const outcomes = await race(
      times(60, (index) => () => officeOf(index).reserve(newId<"user">(), [seat])),
    );
    assert.deepEqual(countOf(outcomes), { reserved: 1, "seats-unavailable": 59 });
  });

  it("a limit of unpaid holds is exact over all box offices, and counts a lapsed hold before it is swept", async () => {
    const user = newId<"user">();
    const numbers = seats(4);
    const holdPolicy = { holdsPerUser: 3, holdCooldownSeconds: 0 };
    const tryOn = (index: number) => async () => {
      const office = officeOf(index);
      const seat = numbers[index % numbers.length] ?? assert.fail();
      const outcome = await office.reserve(user, [seat], { holdPolicy });
      if (outcome.kind !== "reserved") return outcome;
      const { reservationId } = outcome.reservation;
      if (index % 2 === 0) await office.cancel(user, reservationId);
      else await sale.lapse(reservationId);
      return outcome;
    };
    const outcomes = [];
    for (let round = 0; round < 4; round += 1) outcomes.push(...(await race(times(12, tryOn))));
    assert.equal(countOf(outcomes)["reserved"], 3);
    const last = await sale.reserve(user, numbers, { holdPolicy });
    assert.ok(last.kind === "hold-limit" && last.retryAfterMs > 3_500_000);
    assert.equal((await sale.reserve(user, numbers)).kind, "reserved");
  });

  it("control: a read without a lock lets two users reserve one seat", async () => {
    const connections = offices.slice(0, 2).map((office) => office.database);
    const [seat] = seats(1) as [number];
    const bothHaveLooked = Promise.withResolvers<void>();
    let lookedCount = 0;
    const sold = await Promise.all(
      connections.map(async (database) => {
        const rows = await database.query<{ status: string }>({
          text: `select status from seat where concert_id = $1 and date = $2 and seat_number = $3`,
          values: [sale.concertId, dates[0], seat],
        });
        lookedCount += 1;
        if (lookedCount === 2) bothHaveLooked.resolve();
        await bothHaveLooked.promise;
        return rows[0]?.status === "AVAILABLE";
      }),
    );
    assert.deepEqual(sold, [true, true]);
  });

  it("overlapping sets in opposite orders: all of the seats or none, and no deadlock", async () => {
    const free = seats(8);
    const outcomes = await race(
      times(60, (index) => () => {
        const from = index % 7;
        return officeOf(index).reserve(newId<"user">(), free.slice(from, from + 2));
      }),
    );
    const held = outcomes.flatMap((one) => (one.kind === "reserved" ? [one.reservation] : []));
    const taken = held.flatMap((one) => one.seatNumbers);
    assert.equal(new Set(taken).size, taken.length);
    assert.ok(held.length >= 3 && held.length <= 4);
    assert.equal(countOf(outcomes)["seats-unavailable"], 60 - held.length);
  });

  it("one key twenty times on all offices has one effect and one answer", async () => {
    const user = newId<"user">();
    const outcomes = await race(
      times(20, (index) => () => officeOf(index).charge(user, 100, { key: "one" })),
    );
    const counts = countOf(outcomes);
    assert.equal(counts["charged"], 1);
    assert.equal((counts["replayed"] ?? 0) + (counts["key-in-progress"] ?? 0), 19);
    const [first] = outcomes.filter((one) => one.kind === "charged");
    for (const one of outcomes) if (one.kind === "replayed") assert.deepEqual(one.answer, first);
    const rows = await sale.sql("select from ledger_entry where user_id = $1", [user]);
    assert.equal(rows.length, 2);
  });

  it("two devices of one user get one hold", async () => {
    for (const _ of times(5, () => 0)) {
      const user = newId<"user">();
      const [a, b] = seats(2) as [number, number];
      const outcomes = await race([
        () => officeOf(0).reserve(user, [a]),
        () => officeOf(1).reserve(user, [b]),
      ]);
      assert.deepEqual(countOf(outcomes), { reserved: 1, "already-held": 1 });
    }
  });

  it("with money for one of two payments, one is paid and the balance stays at 0 or above", async () => {
    const user = newId<"user">();
    const other = await anotherConcert();
    const [seat] = seats(1) as [number];
    const here = await sale.held(user, [seat]);
    const there = await sale.held(user, [1], { concertId: other });
    await sale.charge(user, seatPrice + 1);
    const outcomes = await race([
      () => officeOf(1).pay(user, here.reservationId),
      () => officeOf(2).pay(user, there.reservationId, { concertId: other }),
    ]);
    assert.deepEqual(countOf(outcomes), { paid: 1, "insufficient-balance": 1 });
  });

  it("twenty payments of one reservation at once make one payment and return it to all", async () => {
    const user = newId<"user">();
    await sale.charge(user, 5 * seatPrice);
    const { reservationId } = await sale.held(user, seats(1));
    const outcomes = await race(
      times(20, (index) => () => officeOf(index).pay(user, reservationId)),
    );
    assert.deepEqual(countOf(outcomes), { paid: 1, "already-paid": 19 });
    const ids = outcomes.map((one) => "payment" in one && one.payment.paymentId);
    assert.equal(new Set(ids).size, 1);
  });

  it("cancel against payment: one of them succeeds, and money moves only with the payment", async () => {
    for (const index of times(10, (n) => n)) {
      const user = newId<"user">();
      await sale.charge(user, seatPrice);
      const { reservationId } = await sale.held(user, [50]);
      const [paid, cancelled] = await Promise.all([
        officeOf(index).pay(user, reservationId),
        officeOf(index + 1).cancel(user, reservationId),
      ]);
      const result = `${paid.kind} ${cancelled.kind}`;
      assert.ok(["paid not-cancellable", "not-payable cancelled"].includes(result), result);
      if (paid.kind === "paid") return;
    }
  });

  it("leave against reserve: no reservation is HELD under a place that has ended", async () => {
    for (const index of times(10, (n) => n)) {
      const user = newId<"user">();
      await Promise.all([
        officeOf(index).reserve(user, [49], { place: markOf(3) }),
        officeOf(index + 1).leave(user, markOf(3)),
      ]);
      const rows = await sale.sql(
        "select from reservation where user_id = $1 and status = 'HELD'",
        [user],
      );
      assert.equal(rows.length, 0);
    }
  });

  it("charges on several offices at once add up", async () => {
    const user = newId<"user">();
    await race(times(30, (index) => () => officeOf(index).charge(user, 10)));
    const [row] = await sale.sql<{ balance: number }>(
      "select balance from wallet where user_id = $1",
      [user],
    );
    assert.equal(row?.balance, 300);
  });
});

describe("the end of a hold", () => {
  it("at the end of a hold, the payer or the next user gets the seat, never both", async () => {
    const oneRace = async (index: number): Promise<void> => {
      const [user, next] = [newId<"user">(), newId<"user">()];
      await sale.charge(user, seatPrice);
      const [seat] = seats(1) as [number];
      const held = await sale.held(user, [seat], { holdSeconds: 1 });
      await sleep(held.expiresAtMs - Date.now() - 4 + index);
      const [paid, taken] = await Promise.all([
        officeOf(index).pay(user, held.reservationId),
        officeOf(index + 1).reserve(next, [seat]),
      ]);
      const both = `${paid.kind} ${taken.kind}`;
      const fair = ["paid seats-unavailable", "expired reserved", "expired seats-unavailable"];
      assert.ok(fair.includes(both), both);
    };
    await Promise.all(times(8, oneRace));
  });

  it("a payment that waited for a lock past the end of its hold is refused", async () => {
    const user = newId<"user">();
    await sale.charge(user, seatPrice);
    const { reservationId, expiresAtMs } = await sale.held(user, seats(1), { holdSeconds: 1 });
    // Another transaction has locked the buyer's row from before the end of the hold until after it.
    const { paid, heldUntilMs } = await whileLocked(
      "select from buyer where user_id = $1 for update",
      user,
      async (release) => {
        const paying = sale.another().pay(user, reservationId);
        await sleep(expiresAtMs - Date.now() + 150);
        release();
        return { paid: await paying, heldUntilMs: Date.now() };
      },
    );
    assert.ok(heldUntilMs > expiresAtMs);
    assert.equal(paid.kind, "expired");
  });

  it("control: a payment judged by now() of its transaction would be accepted", async () => {
    const user = newId<"user">();
    const { reservationId, expiresAtMs } = await sale.held(user, seats(1), { holdSeconds: 1 });
    const rows = await whileLocked(
      "select from reservation where reservation_id = $1 for update",
      reservationId,
      async (release) => {
        const naive = officeOf(1).database.query<{ reservation_id: string }>({
          text: `update reservation set status = 'HELD'
                 where reservation_id = $1 and status = 'HELD' and expires_at > now()
                 returning reservation_id`,
          values: [reservationId],
        });
        await sleep(expiresAtMs - Date.now() + 150);
        release();
        return naive;
      },
    );
    assert.equal(rows.length, 1);
  });
});

describe("a locked row", () => {
  it("a locked row delays only the commands that need it, at most until their deadline", async () => {
    const user = newId<"user">();
    const { reservationId } = await sale.held(user, seats(1));
    const office = sale.another({ deadlineMs: 2500 });
    await whileLocked("select from buyer where user_id = $1 for update", user, async (release) => {
      const stuck = office.cancel(user, reservationId);
      let isStuck = true;
      const judged = stuck.then(
        () => assert.fail("cancelled"),
        (error: unknown) => {
          isStuck = false;
          return error;
        },
      );
      for (const seat of seats(5)) await office.held(newId<"user">(), [seat]);
      assert.ok(isStuck, "the others do not wait");
      assert.equal(((await judged) as Error).name, "Unavailable");
      release();
    });
    assert.equal((await office.cancel(user, reservationId)).kind, "cancelled");
  });

  it("a deferred command waits for the row and is decided on its new state", async () => {
    const user = newId<"user">();
    const { reservationId } = await sale.held(user, seats(1));
    await whileLocked("select from buyer where user_id = $1 for update", user, async (release) => {
      const cancelling = officeOf(1).cancel(user, reservationId);
      await sleep(100);
      release();
      assert.equal((await cancelling).kind, "cancelled");
    });
  });

  it("a buyer row that another transaction inserts delays no other user", async () => {
    const user = newId<"user">();
    const [own, other] = seats(2) as [number, number];
    const insert = "insert into buyer (user_id, concert_id) values ($1, $2)";
    await whileLocked(
      insert,
      user,
      async (release) => {
        const office = sale.another();
        const waiting = office.reserve(user, [own]);
        await office.held(newId<"user">(), [other]);
        release();
        assert.equal((await waiting).kind, "reserved");
      },
      [sale.concertId],
    );
  });
});

/** Runs the work while a transaction elsewhere has what the statement locks; `release` rolls it back. */
const whileLocked = async <T>(
  text: string,
  id: string,
  work: (release: () => void) => Promise<T>,
  more: readonly unknown[] = [],
): Promise<T> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  const released = new Error("released");
  const holding = sale
    .another()
    .database.transaction(async (tx) => {
      await tx.query({ text, values: [id, ...more] });
      locked.resolve();
      await promise;
      throw released;
    })
    .catch((error: unknown) => assert.equal(error, released));
  await locked.promise;
  try {
    return await work(resolve);
  } finally {
    resolve();
    await holding;
  }
};

const anotherConcert = async () => {
  const concertId = newId<"concert">();
  await sale.sql(
    `insert into concert (concert_id, title, time_zone, currency, policy)
     values ($1, 'Other', 'UTC', 'KRW', '{}')`,
    [concertId],
  );
  await sale.sql("insert into show values ($1, $2, '2028-01-01')", [concertId, dates[0]]);
  await sale.sql(
    `insert into grade (concert_id, name, price, position, seat_count) values ($1, 'R', $2, 0, 50)`,
    [concertId, seatPrice],
  );
  await sale.sql(
    `insert into seat (concert_id, date, seat_number, grade)
     select $1, $2, n, 'R' from generate_series(1, 50) n`,
    [concertId, dates[0]],
  );
  return concertId;
};
