import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DatabaseError } from "pg";
import {
  dates,
  newId,
  openSaleFixture,
  seatPrice,
  type SaleFixture,
} from "#test/support/box-office.ts";

// The second, independent guard: what the tables refuse when the code above them is wrong. Each named
// constraint of the sale is violated here once.

let sale: SaleFixture;
before(async () => {
  sale = await openSaleFixture();
});
after(() => sale[Symbol.asyncDispose]());

/** Statements of one transaction; the last one must break the constraint, the ones before must not. */
type Attempt = readonly (readonly [text: string, values?: readonly unknown[]])[];

const refusedBy = async (attempt: Attempt): Promise<string> => {
  try {
    await sale.database.transaction(async (tx) => {
      for (const [text, values] of attempt) await tx.query({ text, values: values ?? [] });
      throw new Error("nothing was refused");
    });
  } catch (error) {
    if (error instanceof DatabaseError) return error.constraint ?? error.message;
    throw error;
  }
  return "";
};

const ids = {
  user: newId<"user">(),
  first: newId<"reservation">(),
  second: newId<"reservation">(),
  payment: newId<"payment">(),
  transfer: newId<"charge">(),
};

const seat = (set: string): Attempt => [
  [
    `update seat set ${set} where concert_id = $1 and date = $2 and seat_number = 1`,
    [sale.concertId, dates[0]],
  ],
];

const reservation = (
  id: string,
  set: { status?: string; amount?: number } = {},
): Attempt[number] => [
  `insert into reservation (reservation_id, user_id, concert_id, date, amount, currency, status,
     held_at, expires_at, place_epoch, place_seq)
   values ($1, $2, $3, $4, $5, 'KRW', $6, now(), now(), 1, 1)`,
  [id, ids.user, sale.concertId, dates[0], set.amount ?? 1, set.status ?? "HELD"],
];

const line = (id: string, live: boolean): Attempt[number] => [
  `insert into reservation_seat (reservation_id, concert_id, date, seat_number, price, live)
   values ($1, $2, $3, 1, ${seatPrice}, $4)`,
  [id, sale.concertId, dates[0], live],
];

const payment = (id: string): Attempt[number] => [
  `insert into payment (payment_id, reservation_id, user_id, concert_id, amount, currency, balance,
     paid_at)
   values ($1, $2, $3, $4, 1, 'KRW', 0, now())`,
  [id, ids.first, ids.user, sale.concertId],
];

const ticket = (): Attempt[number] => [
  `insert into ticket (ticket_id, payment_id, concert_id, date, seat_number)
   values ($1, $2, $3, $4, 1)`,
  [newId(), ids.payment, sale.concertId, dates[0]],
];

const sold = (): Attempt => [reservation(ids.first), payment(ids.payment), ticket()];

const ticketWith = (set: string): Attempt[number] => [
  `update ticket set ${set} where payment_id = $1`,
  [ids.payment],
];

const wallet = (balance: string): Attempt[number] => [
  `insert into wallet (user_id, balance) values ($1, ${balance})`,
  [ids.user],
];

const entries = (
  ...rows: readonly [account: string, amount: number, type?: string][]
): Attempt[number] => [
  `insert into ledger_entry (entry_id, transfer_id, type, account, user_id, amount, created_at)
   select gen_random_uuid(), $1, type, account, $2, amount, now()
   from unnest($3::text[], $4::int8[], $5::text[]) as made (account, amount, type)`,
  [
    ids.transfer,
    ids.user,
    rows.map(([account]) => account),
    rows.map(([, amount]) => amount),
    rows.map(([, , type]) => type ?? "CHARGE"),
  ],
];

const balanced = () => entries(["WALLET", 5], ["CASH", -5]);

const table: [constraint: string, attempt: () => Attempt][] = [
  ["seat_number_in_hall", () => seat("seat_number = 60001")],
  ["grade_price_positive", () => [["update grade set price = 0", []]]],
  ["seat_status_known", () => seat("status = 'GONE', reservation_id = gen_random_uuid()")],
  ["seat_owner_matches_status", () => seat("status = 'SOLD'")],
  ["seat_owner_matches_status", () => seat("reservation_id = gen_random_uuid()")],
  ["seat_owner_matches_status", () => seat("status = 'HELD', reservation_id = gen_random_uuid()")],
  [
    "ended_reason_known",
    () => [
      [
        "insert into buyer (user_id, concert_id, ended_reason) values ($1, $2, 'BORED')",
        [ids.user, sale.concertId],
      ],
    ],
  ],
  ["reservation_amount_positive", () => [reservation(ids.first, { amount: 0 })]],
  ["reservation_status_known", () => [reservation(ids.first, { status: "GONE" })]],
  ["reservation_one_held_per_buyer", () => [reservation(ids.first), reservation(ids.second)]],
  [
    "reservation_seat_one_live",
    () => [
      reservation(ids.first),
      reservation(ids.second, { status: "CONFIRMED" }),
      line(ids.first, true),
      line(ids.second, true),
    ],
  ],
  ["wallet_balance_not_negative", () => [wallet("-1")]],
  ["wallet_balance_exact_in_json", () => [wallet("9007199254740992")]],
  ["ledger_type_known", () => [entries(["WALLET", 5, "GIFT"], ["CASH", -5, "GIFT"])]],
  ["ledger_account_known", () => [entries(["WALLET", 5], ["POCKET", -5])]],
  ["ledger_amount_not_zero", () => [entries(["WALLET", 0], ["CASH", 0])]],
  ["ledger_one_side_each", () => [balanced(), balanced()]],
  ["ledger_balanced", () => [entries(["WALLET", 5], ["CASH", -4])]],
  ["ledger_balanced", () => [entries(["WALLET", 5])]],
  [
    "payment_once_per_reservation",
    () => [reservation(ids.first), payment(ids.payment), payment(newId())],
  ],
  [
    "ticket_once_per_seat",
    () => [reservation(ids.first), payment(ids.payment), ticket(), ticket()],
  ],
  ["ticket_status_known", () => [...sold(), ticketWith("status = 'LOST'")]],
  ["ticket_version_fits_its_code", () => [...sold(), ticketWith("version = 65536")]],
  ["ticket_refunded_is_void", () => [...sold(), ticketWith("refund_id = gen_random_uuid()")]],
  [
    "outbox_topic_known",
    () => [
      [
        "insert into outbox (topic, concert_id, user_id, content) values ('gossip', $1, $2, '{}')",
        [sale.concertId, ids.user],
      ],
    ],
  ],
];

const saleTables = [
  "seat",
  "buyer",
  "reservation",
  "reservation_seat",
  "wallet",
  "ledger_entry",
  "payment",
  "ticket",
  "outbox",
  "idempotency",
];

describe("the constraints of the sale", () => {
  for (const [constraint, attempt] of table) {
    it(`${constraint} refuses its violation`, async () => {
      assert.equal(await refusedBy(attempt()), constraint);
    });
  }

  it("the ledger refuses update, delete and truncate", async () => {
    const changes = [
      "update ledger_entry set amount = amount + 1",
      "delete from ledger_entry",
      "truncate ledger_entry",
    ];
    for (const change of changes) {
      assert.match(await refusedBy([balanced(), [change]]), /the ledger is insert-only/);
    }
  });

  it("control: correct rows are accepted", async () => {
    const right: Attempt = [
      reservation(ids.first),
      line(ids.first, true),
      reservation(ids.second, { status: "EXPIRED" }),
      line(ids.second, false),
      payment(ids.payment),
      ticket(),
      wallet("9007199254740991"),
      balanced(),
    ];
    await assert.rejects(refusedBy(right), /nothing was refused/);
  });

  it("every constraint of the sale has a row in this table", async () => {
    const rows = await sale.sql<{ name: string }>(
      `select conname as name from pg_constraint
       where contype in ('c', 'u') and conname !~ '_not_null$'
         and conrelid::regclass::text = any ($1)
       union
       select indexrelid::regclass::text from pg_index
       where indisunique and indpred is not null and indrelid::regclass::text = any ($1)`,
      [saleTables],
    );
    const tested = new Set(table.map(([constraint]) => constraint));
    const left = rows.map((row) => row.name).filter((name) => !tested.has(name));
    assert.deepEqual(left, []);
    assert.ok(rows.length >= 15);
  });
});
