import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import { CommitUnknown, openDatabase, type Database } from "#platform/postgres/database.ts";
import {
  markOf,
  newId,
  openSaleFixture,
  seatPrice,
  type SaleFixture,
  type Teller,
} from "#test/support/box-office.ts";
import { stateDigest, sweep } from "#test/support/invariants.ts";
import { startFaultProxy } from "#test/support/fault-proxy.ts";
import { times } from "#test/support/concurrency.ts";

type Fault = "commit lost" | "commit done, answer lost" | "deadlock" | "away";

/** The database with a fault in each of its next transactions that write as the list says. */
const faulty = (database: Database, faults: Fault[]): { database: Database; struck: Fault[] } => {
  const struck: Fault[] = [];
  const strike = async <T>(work: Parameters<Database["transaction"]>[0]): Promise<T> => {
    let touched = false;
    const fault = faults[0];
    const run = database.transaction(async (tx) => {
      const result = await work({
        query: (statement) => {
          if (statement.name?.startsWith("sale-insert-")) touched = true;
          return tx.query(statement);
        },
      });
      if (!touched || fault === undefined) return result;
      faults.shift();
      struck.push(fault);
      if (fault === "commit lost") throw new CommitUnknown(new Error("planted"));
      if (fault === "away") throw new Unavailable("planted");
      if (fault === "deadlock") {
        const cause = Object.assign(new Error("planted"), { code: "40P01" });
        throw new Unavailable("planted", { cause });
      }
      return result;
    });
    const result = await run;
    if (struck.at(-1) === "commit done, answer lost" && touched && fault !== undefined) {
      throw new CommitUnknown(new Error("planted"));
    }
    return result as T;
  };
  return { database: { ...database, transaction: strike as Database["transaction"] }, struck };
};

interface Scene {
  readonly sale: SaleFixture;
  readonly office: Teller;
  readonly struck: readonly Fault[];
}

/** A sale, and an office whose database has the faults; afterwards every invariant must hold. */
const withFaults = async (
  faults: Fault[],
  work: (scene: Scene) => Promise<void>,
): Promise<void> => {
  await using sale = await openSaleFixture();
  const database = openDatabase({ url: sale.url });
  const { database: broken, struck } = faulty(database, faults);
  await work({ sale, office: sale.another({ database: broken }), struck });
  await sweep(sale.sql as SaleFixture["sql"]);
};

const commands: {
  readonly name: string;
  /** Prepares on a sound office; answers what is then done on the one with faults. */
  prepare(sale: SaleFixture): Promise<(office: Teller) => Promise<{ readonly kind: string }>>;
  readonly kind: string;
  /** How often it took effect. */
  count(sale: SaleFixture): Promise<number>;
}[] = [
  {
    name: "a reservation",
    kind: "reserved",
    prepare: async () => (office) => office.reserve(newId<"user">(), [1, 2]),
    count: async (sale) => (await sale.sql("select from reservation")).length,
  },
  {
    name: "a payment",
    kind: "paid",
    async prepare(sale) {
      const user = newId<"user">();
      await sale.charge(user, 10 * seatPrice);
      const { reservationId } = await sale.held(user, [1, 2]);
      return (office) => office.pay(user, reservationId);
    },
    count: async (sale) => (await sale.sql("select from payment")).length,
  },
  {
    name: "a charge",
    kind: "charged",
    prepare: async () => (office) => office.charge(newId<"user">(), 70),
    count: async (sale) =>
      (await sale.sql("select from ledger_entry where account = 'CASH'")).length,
  },
];

describe("a COMMIT whose answer is lost", () => {
  for (const { name, kind, prepare, count } of commands) {
    it(`${name} that was committed is found by its id and not repeated`, async () => {
      const faults: Fault[] = ["commit done, answer lost"];
      await withFaults(faults, async ({ sale, office, struck }) => {
        const act = await prepare(sale);
        const before = await count(sale);
        assert.equal((await act(office)).kind, kind);
        assert.deepEqual(struck, ["commit done, answer lost"]);
        assert.equal((await count(sale)) - before, 1);
      });
    });

    it(`${name} that was not committed is made by the second try`, async () => {
      await withFaults(["commit lost"], async ({ sale, office, struck }) => {
        const act = await prepare(sale);
        const before = await count(sale);
        assert.equal((await act(office)).kind, kind);
        assert.deepEqual(struck, ["commit lost"]);
        assert.equal((await count(sale)) - before, 1);
      });
    });
  }

  it("a command is Unavailable when the answer of the second try is lost too", async () => {
    await withFaults(["commit lost", "commit lost"], async ({ sale, office }) => {
      await assert.rejects(office.reserve(newId<"user">(), [1]), Unavailable);
      assert.equal((await sale.reserve(newId<"user">(), [1])).kind, "reserved");
    });
  });

  it("each command of a batch takes effect once", async () => {
    await withFaults(["commit done, answer lost"], async ({ sale, office }) => {
      const user = newId<"user">();
      const outcomes = await Promise.all([
        ...times(20, (n) => office.reserve(newId<"user">(), [n + 1])),
        office.reserve(newId<"user">(), [1]),
        office.charge(user, 5),
        office.leave(newId<"user">(), markOf(1)).then(() => ({ kind: "left" })),
      ]);
      const kinds = outcomes.map((outcome) => outcome.kind);
      assert.equal(kinds.filter((kind) => kind === "reserved").length, 20);
      assert.deepEqual(kinds.slice(20), ["seats-unavailable", "charged", "left"]);
      assert.equal((await sale.sql("select from reservation")).length, 20);
      assert.equal((await sale.sql("select from ledger_entry")).length, 2);
    });
  });

  it("a command is answered when the connection is cut between COMMIT and its answer", async () => {
    await using sale = await openSaleFixture();
    await using proxy = await startFaultProxy(sale.url);
    const real = openDatabase({ url: proxy.url, queryTimeoutMs: 500 });
    let muted = false;
    const database: Database = {
      ...real,
      transaction: (work) =>
        real.transaction(async (tx) => {
          const result = await work(tx);
          const [row] = await tx.query<{ written: string | null }>({
            text: "select pg_current_xact_id_if_assigned()::text as written",
          });
          // Not the making of the buyer's row: the transaction of the command itself.
          const made = await tx.query({ text: "select from reservation limit 1" });
          if (!muted && row?.written && made.length > 0) {
            muted = true;
            proxy.mute();
          }
          return result;
        }),
    };
    const office = sale.another({ database });
    const user = newId<"user">();
    const outcome = await office.reserve(user, [1]);
    assert.ok(muted, "the proxy was muted");
    assert.equal(outcome.kind, "reserved");
    const rows = await sale.sql<{ reservation_id: string }>(
      "select reservation_id from reservation where user_id = $1",
      [user],
    );
    assert.equal(rows.length, 1);
    assert.equal(
      outcome.kind === "reserved" && outcome.reservation.reservationId,
      rows[0]?.reservation_id,
    );
  });
});

describe("failures of a batch", () => {
  it("a key that another transaction uses is in progress at once, and reused once that has ended", async () => {
    await using sale = await openSaleFixture();
    const real = openDatabase({ url: sale.url });
    const written = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const database: Database = {
      ...real,
      transaction: (work) =>
        real.transaction(async (tx) => {
          const result = await work(tx);
          written.resolve();
          await goOn.promise;
          return result;
        }),
    };
    const user = newId<"user">();
    const charging = sale.another({ database }).charge(user, 5, { key: "k" });
    await written.promise;
    const intent = { key: "k", fingerprint: "another request" };
    assert.deepEqual(await sale.reserve(user, [1], { intent }), { kind: "key-in-progress" });
    goOn.resolve();
    assert.equal((await charging).kind, "charged");
    assert.deepEqual(await sale.reserve(user, [1], { intent }), { kind: "key-reused" });
  });

  it("a deadlock is retried up to three tries, then the command is Unavailable", async () => {
    await withFaults(["deadlock", "deadlock"], async ({ office, struck }) => {
      await office.held(newId<"user">(), [1]);
      assert.equal(struck.length, 2);
    });
    await withFaults(["deadlock", "deadlock", "deadlock"], async ({ sale, office }) => {
      await assert.rejects(office.reserve(newId<"user">(), [1]), Unavailable);
      assert.equal((await sale.sql("select from reservation")).length, 0);
    });
  });

  it("a transaction is not retried while the database is away", async () => {
    await withFaults(["away"], async ({ office, struck }) => {
      await assert.rejects(office.reserve(newId<"user">(), [1]), Unavailable);
      assert.equal(struck.length, 1);
      await office.held(newId<"user">(), [1]);
    });
  });

  it("a command that the database rejects fails alone", async () => {
    await withFaults([], async ({ sale, office }) => {
      const poison = office.reserve(newId<"user">(), [30], { currency: "not } an array" });
      const others = times(10, (n) => office.reserve(newId<"user">(), [n + 1]));
      await assert.rejects(poison, (error) => !(error instanceof Unavailable));
      for (const outcome of await Promise.all(others)) assert.equal(outcome.kind, "reserved");
      assert.equal((await sale.sql("select from reservation")).length, 10);
    });
  });

  it("a buyer row that was lost in a crash is inserted again", async () => {
    await withFaults([], async ({ sale, office }) => {
      const user = newId<"user">();
      await office.charge(user, seatPrice);
      await office.leave(user, markOf(1));
      await sale.sql("delete from buyer where user_id = $1", [user]);
      assert.equal((await office.reserve(user, [1], { place: markOf(2) })).kind, "reserved");
    });
  });

  it("a refusal writes nothing", async () => {
    await withFaults([], async ({ sale, office }) => {
      const user = newId<"user">();
      const { reservationId } = await sale.held(user, [1]);
      await office.reserve(user, [2]);
      await office.charge(user, 1);
      const before = await stateDigest(sale.sql as SaleFixture["sql"]);
      const kinds = await Promise.all([
        office.reserve(user, [2]),
        office.pay(user, reservationId),
        office.cancel(newId<"user">(), reservationId),
      ]);
      assert.deepEqual(
        kinds.map((one) => one.kind),
        ["already-held", "insufficient-balance", "not-found"],
      );
      assert.equal(await stateDigest(sale.sql as SaleFixture["sql"]), before);
    });
  });

  it("commands beyond waitingMax are Unavailable at once, the others are decided", async () => {
    await using sale = await openSaleFixture({ waitingMax: 5 });
    const settled = await Promise.allSettled(
      times(20, (n) => sale.reserve(newId<"user">(), [n + 1])),
    );
    const refused = settled.filter((one) => one.status === "rejected");
    assert.equal(refused.length, 15);
    for (const one of refused) assert.ok(one.reason instanceof Unavailable);
  });

  it("commands are Unavailable while the database is away, and are decided again after it", async () => {
    await using sale = await openSaleFixture();
    await using proxy = await startFaultProxy(sale.url);
    const database = openDatabase({ url: proxy.url, acquireTimeoutMs: 300, queryTimeoutMs: 600 });
    const office = sale.another({ database, deadlineMs: 1500 });
    await office.held(newId<"user">(), [1]);
    proxy.freeze();
    const settled = await Promise.allSettled(times(5, () => office.charge(newId<"user">(), 1)));
    assert.ok(settled.every((one) => one.status === "rejected"));
    proxy.reset();
    proxy.heal();
    await office.held(newId<"user">(), [2]);
  });
});
