import type { Sql } from "./server.ts";

/** The invariants of docs/invariants.md, checked on the tables. */

export interface SeatRow {
  readonly show: string;
  readonly seatNumber: number;
  readonly status: string;
  readonly reservationId: string | null;
  readonly fence: number;
}

export interface ReservationRow {
  readonly reservationId: string;
  readonly userId: string;
  readonly concertId: string;
  readonly show: string;
  readonly amount: number;
  readonly status: string;
  readonly lapsed: boolean;
  readonly seats: readonly {
    readonly seatNumber: number;
    readonly price: number;
    readonly live: boolean;
  }[];
}

export interface PaymentRow {
  readonly paymentId: string;
  readonly reservationId: string;
  readonly userId: string;
  readonly amount: number;
  readonly tickets: readonly { readonly show: string; readonly seatNumber: number }[];
}

export interface EntryRow {
  readonly entryNo: number;
  readonly transferId: string;
  readonly account: string;
  readonly type: string;
  readonly userId: string;
  readonly amount: number;
  readonly balance: number | null;
}

export interface Dump {
  readonly seats: readonly SeatRow[];
  readonly reservations: readonly ReservationRow[];
  readonly payments: readonly PaymentRow[];
  readonly entries: readonly EntryRow[];
  readonly wallets: readonly { readonly userId: string; readonly balance: number }[];
}

const show = `concert_id::text || ' ' || date::text`;

const queries = {
  seats: `select ${show} as show, seat_number::int as "seatNumber", status,
      reservation_id::text as "reservationId", fence::float8 as fence
    from seat order by 1, 2`,
  reservations: `select r.reservation_id::text as "reservationId", r.user_id::text as "userId",
      r.concert_id::text as "concertId", r.concert_id::text || ' ' || r.date::text as show,
      r.amount::float8 as amount, r.status, r.expires_at <= clock_timestamp() as lapsed,
      coalesce(json_agg(json_build_object('seatNumber', s.seat_number, 'price', s.price, 'live', s.live)
        order by s.seat_number) filter (where s.reservation_id is not null), '[]') as seats
    from reservation r left join reservation_seat s using (reservation_id) group by r.reservation_id`,
  payments: `select p.payment_id::text as "paymentId", p.reservation_id::text as "reservationId",
      p.user_id::text as "userId", p.amount::float8 as amount,
      coalesce(json_agg(json_build_object('show', t.concert_id::text || ' ' || t.date::text,
        'seatNumber', t.seat_number)) filter (where t.ticket_id is not null), '[]') as tickets
    from payment p left join ticket t using (payment_id) group by p.payment_id`,
  entries: `select entry_no::float8 as "entryNo", transfer_id::text as "transferId", account, type,
      user_id::text as "userId", amount::float8 as amount, balance::float8 as balance
    from ledger_entry order by entry_no`,
  wallets: `select user_id::text as "userId", balance::float8 as balance from wallet`,
} as const;

/** Reads all tables in one snapshot. */
export const readDump = async (sql: Sql): Promise<Dump> => {
  const parts = Object.entries(queries).map(
    ([name, query]) => `'${name}', (select coalesce(json_agg(t), '[]') from (${query}) t)`,
  );
  const [row] = await sql<{ dump: Dump }>(`select json_build_object(${parts.join(", ")}) as dump`);
  if (row === undefined) throw new Error("no dump");
  return row.dump;
};

type Faults = (string | false)[];

const groupedBy = <T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> =>
  Map.groupBy(rows, keyOf);

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** I1: a seat has one ticket, and it has it if and only if it is SOLD. */
const soldOnce = ({ seats, payments }: Dump): Faults => {
  const tickets = groupedBy(
    payments.flatMap((it) => it.tickets),
    (it) => `${it.show} ${it.seatNumber}`,
  );
  const known = new Set(seats.map((it) => `${it.show} ${it.seatNumber}`));
  return [
    ...[...tickets].map(
      ([seat, found]) => found.length > 1 && `I1 ${seat}: ${found.length} tickets`,
    ),
    ...[...tickets.keys()].map((seat) => !known.has(seat) && `I1 ${seat}: ticket for no seat`),
    ...seats.map((it) => {
      const count = tickets.get(`${it.show} ${it.seatNumber}`)?.length ?? 0;
      return (
        (it.status === "SOLD") !== count > 0 &&
        `I1 ${it.show} ${it.seatNumber}: ${it.status}, ${count} tickets`
      );
    }),
  ];
};

/** I8: a live reservation has all of its seats or, once it has lapsed or ended, none that it sells. */
const allOrNone = ({ seats, reservations }: Dump): Faults => {
  const owned = groupedBy(
    seats.filter((it) => it.reservationId !== null),
    (it) => it.reservationId ?? "",
  );
  const byId = new Map(reservations.map((it) => [it.reservationId, it]));
  const expected: Record<string, string> = { HELD: "HELD", CONFIRMED: "SOLD" };
  return [
    ...reservations.flatMap((it): Faults => {
      const mine = owned.get(it.reservationId) ?? [];
      const live = it.status === "CONFIRMED" || (it.status === "HELD" && !it.lapsed);
      const what = `I8 reservation ${it.reservationId} (${it.status})`;
      return [
        live &&
          mine.length !== it.seats.length &&
          `${what}: ${mine.length} of ${it.seats.length} seats`,
        live &&
          mine.some((seat) => seat.status !== expected[it.status]) &&
          `${what}: seats of another status`,
        live && it.seats.some((seat) => !seat.live) && `${what}: a seat row that is not live`,
        it.seats.length === 0 && `${what}: no seats at all`,
        (it.status === "CANCELLED" || it.status === "EXPIRED") &&
          mine.length > 0 &&
          `${what}: owns ${mine.length} seats`,
        it.amount !== sum(it.seats.map((seat) => seat.price)) &&
          `${what}: amount is not the sum of its prices`,
      ];
    }),
    ...[...owned.keys()].map((id) => !byId.has(id) && `I8 seat of no reservation ${id}`),
  ];
};

/** A user has at most one reservation HELD in a concert that has not lapsed. */
const oneHeld = ({ reservations }: Dump): Faults =>
  [
    ...groupedBy(
      reservations.filter((it) => it.status === "HELD"),
      (it) => `${it.userId} ${it.concertId}`,
    ),
  ].map(([who, held]) => held.length > 1 && `held ${who}: ${held.length} at once`);

/** I10, I11: transfers sum to zero, a wallet is the sum of its entries and was never negative. */
const moneyAddsUp = ({ entries, wallets }: Dump): Faults => {
  const walletEntries = groupedBy(
    entries.filter((it) => it.account === "WALLET"),
    (it) => it.userId,
  );
  return [
    ...[...groupedBy(entries, (it) => it.transferId)].map(
      ([id, both]) =>
        (both.length !== 2 || sum(both.map((it) => it.amount)) !== 0) &&
        `I10 transfer ${id} is out of balance`,
    ),
    ...wallets.flatMap(({ userId, balance }): Faults => {
      const mine = walletEntries.get(userId) ?? [];
      let running = 0;
      return [
        balance < 0 && `I11 wallet ${userId}: ${balance}`,
        sum(mine.map((it) => it.amount)) !== balance &&
          `I10 wallet ${userId} is not the sum of its entries`,
        ...mine.map((it) => {
          running += it.amount;
          return (
            (running < 0 || it.balance !== running) &&
            `I11 wallet ${userId}: entry ${it.entryNo} says ${it.balance}, is ${running}`
          );
        }),
      ];
    }),
    ...[...walletEntries.keys()].map(
      (id) => !wallets.some((it) => it.userId === id) && `I10 entries of no wallet ${id}`,
    ),
  ];
};

/** I13: paid if and only if confirmed, debited once by that amount, with tickets for exactly its seats. */
const paidMeansOwned = ({ reservations, payments, entries }: Dump): Faults => {
  const paid = groupedBy(payments, (it) => it.reservationId);
  const debits = groupedBy(
    entries.filter((it) => it.account === "WALLET" && it.type === "PAYMENT"),
    (it) => it.userId,
  );
  const spent = groupedBy(payments, (it) => it.userId);
  return [
    ...reservations.flatMap((it): Faults => {
      const found = paid.get(it.reservationId) ?? [];
      const what = `I13 reservation ${it.reservationId}`;
      const wanted = it.seats.map((seat) => `${it.show} ${seat.seatNumber}`).sort();
      return [
        (it.status === "CONFIRMED") !== (found.length === 1) &&
          `${what}: ${it.status}, ${found.length} payments`,
        ...found.map((payment) => {
          const got = payment.tickets.map((ticket) => `${ticket.show} ${ticket.seatNumber}`).sort();
          return (
            (payment.amount !== it.amount ||
              payment.userId !== it.userId ||
              got.join() !== wanted.join()) &&
            `${what}: payment for something else (${got.join()} for ${wanted.join()})`
          );
        }),
      ];
    }),
    ...[...new Set([...spent.keys(), ...debits.keys()])].map((userId) => {
      const amounts = (spent.get(userId) ?? []).map((it) => it.amount).sort();
      const taken = (debits.get(userId) ?? []).map((it) => -it.amount).sort();
      return (
        amounts.join() !== taken.join() &&
        `I13 user ${userId}: paid ${amounts.join()}, debited ${taken.join()}`
      );
    }),
  ];
};

/** I27: every show has its seats 1 to 50, each in one state, with an owner if and only if it has one. */
const showIsComplete = ({ seats }: Dump): Faults =>
  [...groupedBy(seats, (it) => it.show)].flatMap(([name, rows]): Faults => {
    const numbers = new Set(rows.map((it) => it.seatNumber));
    return [
      (rows.length !== 50 || numbers.size !== 50) && `I27 ${name}: ${rows.length} seats`,
      ...rows.map(
        (it) =>
          (!["AVAILABLE", "HELD", "SOLD"].includes(it.status) ||
            (it.status === "AVAILABLE") !== (it.reservationId === null)) &&
          `I27 ${name} ${it.seatNumber}: ${it.status} of ${it.reservationId}`,
      ),
    ];
  });

const rules = [soldOnce, allOrNone, oneHeld, moneyAddsUp, paidMeansOwned, showIsComplete];

/** Everything that is wrong with the dump; empty when all invariants hold. */
export const faultsIn = (dump: Dump): string[] =>
  rules.flatMap((rule) => rule(dump)).filter((fault) => fault !== false);

/** Reads the database and fails with everything that is wrong in it. */
export const sweep = async (sql: Sql): Promise<Dump> => {
  const dump = await readDump(sql);
  const faults = faultsIn(dump);
  if (faults.length > 0) throw new Error(`invariants broken:\n${faults.slice(0, 20).join("\n")}`);
  return dump;
};

const stateTables = [
  "app_user",
  "concert",
  "show",
  "seat",
  "buyer",
  "reservation",
  "reservation_seat",
  "wallet",
  "ledger_entry",
  "payment",
  "ticket",
  "idempotency",
  "audit",
] as const;

/** A digest of everything that a request could change, to see that a refused one changed nothing. */
export const stateDigest = async (sql: Sql): Promise<string> => {
  const parts = stateTables.map(
    (table) =>
      `select '${table}' as name, md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as digest from ${table} t`,
  );
  const rows = await sql<{ name: string; digest: string }>(parts.join(" union all "));
  return rows.map((it) => `${it.name} ${it.digest}`).join("\n");
};
