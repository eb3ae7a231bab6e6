import {
  goodsQueries,
  ordersAllOrNone,
  piecesWithinStock,
  type OrderRow,
  type ProductRow,
} from "./goods-invariants.ts";
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
  readonly tickets: readonly {
    readonly show: string;
    readonly seatNumber: number;
    readonly status: string;
    readonly refundId: string | null;
  }[];
}

export interface RefundRow {
  readonly refundId: string;
  readonly paymentId: string;
  readonly userId: string;
  readonly amount: number;
  readonly fee: number;
  readonly payable: number;
  /** The sum of its tickets' prices. */
  readonly prices: number;
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
  readonly refunds: readonly RefundRow[];
  readonly products: readonly ProductRow[];
  readonly orders: readonly OrderRow[];
  readonly entries: readonly EntryRow[];
  readonly wallets: readonly { readonly userId: string; readonly balance: number }[];
  readonly doors: readonly {
    readonly ticketId: string;
    readonly status: string;
    readonly admitted: number;
  }[];
  readonly chains: readonly {
    readonly ticketId: string;
    readonly buyer: string;
    readonly holder: string;
    readonly status: string;
    readonly version: number;
    /** The claimed transfers in the order of their versions. */
    readonly hops: readonly {
      readonly version: number;
      readonly from: string;
      readonly to: string;
    }[];
  }[];
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
        'seatNumber', t.seat_number, 'status', t.status, 'refundId', t.refund_id)) filter (where t.ticket_id is not null), '[]') as tickets
    from payment p left join ticket t using (payment_id) group by p.payment_id`,
  refunds: `select r.refund_id::text as "refundId", r.payment_id::text as "paymentId",
      r.user_id::text as "userId", r.amount::float8 as amount, r.fee::float8 as fee,
      r.payable::float8 as payable, coalesce(sum(l.price), 0)::float8 as prices
    from refund r
    left join ticket t using (refund_id)
    left join payment p on p.payment_id = t.payment_id
    left join reservation_seat l on l.reservation_id = p.reservation_id and l.seat_number = t.seat_number
    group by r.refund_id`,
  ...goodsQueries,
  entries: `select entry_no::float8 as "entryNo", transfer_id::text as "transferId", account, type,
      user_id::text as "userId", amount::float8 as amount, balance::float8 as balance
    from ledger_entry order by entry_no`,
  wallets: `select user_id::text as "userId", balance::float8 as balance from wallet`,
  doors: `select t.ticket_id::text as "ticketId", t.status,
      (count(*) filter (where c.result = 'ADMITTED'))::int as admitted
    from ticket t left join check_in c using (ticket_id) group by t.ticket_id`,
  chains: `select t.ticket_id::text as "ticketId", p.user_id::text as buyer, t.user_id::text as holder,
      t.status, t.version,
      coalesce(json_agg(json_build_object('version', x.ticket_version, 'from', x.from_user_id, 'to', x.to_user_id)
        order by x.ticket_version) filter (where x.to_user_id is not null), '[]') as hops
    from ticket t join payment p using (payment_id) left join ticket_transfer x using (ticket_id)
    group by t.ticket_id, p.user_id`,
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

/** I1: a seat has one ticket that is not VOID, and it has it if and only if it is SOLD. */
const soldOnce = ({ seats, payments }: Dump): Faults => {
  const tickets = groupedBy(
    payments.flatMap((it) => it.tickets).filter((it) => it.status !== "VOID"),
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

/**
 * I8: a live reservation has all of its seats or, once it has lapsed or ended, none that it sells. A CONFIRMED one has
 * those that were not refunded: see I31.
 */
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
      const own = it.status === "HELD" ? it.seats : it.seats.filter((seat) => seat.live);
      return [
        live && mine.length !== own.length && `${what}: ${mine.length} of ${own.length} seats`,
        live &&
          mine.some((seat) => seat.status !== expected[it.status]) &&
          `${what}: seats of another status`,
        live && own.some((seat) => !seat.live) && `${what}: a seat row that is not live`,
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
    ...[...groupedBy(entries, (it) => `${it.transferId} ${it.type}`)].map(
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
const paidMeansOwned = ({ reservations, payments, orders, entries }: Dump): Faults => {
  const paid = groupedBy(payments, (it) => it.reservationId);
  const debits = groupedBy(
    entries.filter((it) => it.account === "WALLET" && it.type === "PAYMENT"),
    (it) => it.userId,
  );
  const spent = groupedBy(
    [...payments, ...orders.filter((it) => it.paymentId !== null)],
    (it) => it.userId,
  );
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

/** I27: every show has its seats from 1 on without a gap, each in one state, with an owner if and only if it has one. */
const showIsComplete = ({ seats }: Dump): Faults =>
  [...groupedBy(seats, (it) => it.show)].flatMap(([name, rows]): Faults => {
    const numbers = new Set(rows.map((it) => it.seatNumber));
    return [
      (rows.length < 50 || numbers.size !== Math.max(...numbers)) &&
        `I27 ${name}: ${rows.length} seats`,
      ...rows.map(
        (it) =>
          (!["AVAILABLE", "HELD", "SOLD", "BLOCKED"].includes(it.status) ||
            ["AVAILABLE", "BLOCKED"].includes(it.status) !== (it.reservationId === null)) &&
          `I27 ${name} ${it.seatNumber}: ${it.status} of ${it.reservationId}`,
      ),
    ];
  });

/** I28: a ticket is admitted at most once, and a USED one was. */
const admittedOnce = ({ doors }: Dump): Faults =>
  doors.map(
    ({ ticketId, status, admitted }) =>
      (admitted > 1 ||
        (status === "VALID" && admitted > 0) ||
        (status === "USED" && admitted === 0)) &&
      `I28 ticket ${ticketId}: ${status}, admitted ${admitted} times`,
  );

/** I30: a ticket came from its buyer to its holder, one claim and one version after another; a refund adds a version. */
const chainIsWhole = ({ chains }: Dump): Faults =>
  chains.flatMap(({ ticketId, buyer, holder, status, version, hops }): Faults => {
    const givers = [buyer, ...hops.map(({ to }) => to)];
    return [
      givers.at(-1) !== holder && `I30 ticket ${ticketId}: the last claim is not its holder's`,
      ...hops.map(
        (hop, n) =>
          (hop.from !== givers[n] || hop.version !== n + 1) &&
          `I30 ticket ${ticketId}: claim ${n + 1} is of version ${hop.version} of ${hop.from}`,
      ),
      status !== "VOID" &&
        version !== hops.length + 1 &&
        `I30 ticket ${ticketId}: version ${version} after ${hops.length} claims`,
    ];
  });
/**
 * I31: a refund gives back the prices of its tickets, less its fee, as the ledger says; a ticket is VOID if and only if
 * it has a refund, and then its reservation has lost the seat. The refunds of a payment never exceed it.
 */
const refundedOnce = ({ refunds, payments, reservations, entries }: Dump): Faults => {
  const byPayment = groupedBy(refunds, (it) => it.paymentId);
  const booked = groupedBy(
    entries.filter((it) => it.account === "WALLET" || it.account === "PAYABLE"),
    (it) => it.transferId,
  );
  const seatsOf = new Map(reservations.map((it) => [it.reservationId, it.seats]));
  return [
    ...refunds.flatMap(({ refundId, amount, fee, payable, prices }): Faults => {
      const what = `I31 refund ${refundId}`;
      const found = booked.get(refundId) ?? [];
      const account = payable > 0 ? "PAYABLE" : "WALLET";
      const expected = [["REFUND", amount], ...(fee > 0 ? [["FEE", -fee]] : [])];
      const moved = found.map((it) => [it.type, it.amount]);
      return [
        (amount !== prices || fee > amount) && `${what}: ${amount} for ${prices}, fee ${fee}`,
        (moved.join() !== expected.join() || found.some((it) => it.account !== account)) &&
          `${what}: ${account} booked ${moved.join()} for ${expected.join()}`,
      ];
    }),
    ...payments.flatMap((payment): Faults => {
      const what = `I31 payment ${payment.paymentId}`;
      const own = byPayment.get(payment.paymentId) ?? [];
      const ids = new Set(own.map((it) => it.refundId));
      const lost = (seatsOf.get(payment.reservationId) ?? []).filter((seat) => !seat.live);
      const gone = payment.tickets.filter((it) => it.status === "VOID");
      return [
        sum(own.map((it) => it.amount)) > payment.amount && `${what}: refunds exceed it`,
        own.some((it) => it.userId !== payment.userId) && `${what}: refunded to another user`,
        ...payment.tickets.map(
          (it) =>
            (it.status === "VOID") !== (it.refundId !== null && ids.has(it.refundId)) &&
            `${what}: a ticket that is ${it.status}, refund ${it.refundId}`,
        ),
        gone
          .map((it) => it.seatNumber)
          .sort()
          .join() !==
          lost
            .map((it) => it.seatNumber)
            .sort()
            .join() && `${what}: a void ticket with its seat`,
      ];
    }),
    ...[...byPayment.keys()].map(
      (id) => !payments.some((it) => it.paymentId === id) && `I31 refund of no payment ${id}`,
    ),
  ];
};

const rules = [
  soldOnce,
  allOrNone,
  oneHeld,
  moneyAddsUp,
  paidMeansOwned,
  refundedOnce,
  showIsComplete,
  admittedOnce,
  chainIsWhole,
  piecesWithinStock,
  ordersAllOrNone,
];

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
  "refund",
  "check_in",
  "ticket_transfer",
  "product",
  "shop_order",
  "order_item",
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
