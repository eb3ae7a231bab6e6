import type {
  ConcertId,
  EntryId,
  Id,
  PaymentId,
  ReservationId,
  TicketId,
  UserId,
} from "#kernel/ids.ts";
import { toRfc3339, type InstantMs } from "#kernel/instant.ts";
import { seatLabel, type SeatingPlan } from "#kernel/seating-plan.ts";
import type { Cell } from "./csv.ts";

export interface TicketRecord {
  readonly ticketId: TicketId;
  readonly status: string;
  /** YYYY-MM-DD in the concert's time zone. */
  readonly date: string;
  readonly startsAtMs: InstantMs;
  readonly seatNumber: number;
  /** The price that was paid for it. */
  readonly price: number;
  readonly currency: string;
  readonly holderId: UserId;
  readonly holderName: string | null;
  readonly buyerId: UserId;
  readonly paymentId: PaymentId;
  readonly paidAtMs: InstantMs;
  /** When a door admitted it, and at which gate. */
  readonly usedAtMs: InstantMs | null;
  readonly gate: string | null;
}

export interface PaymentRecord {
  readonly paymentId: PaymentId;
  readonly reservationId: ReservationId;
  readonly userId: UserId;
  readonly userName: string | null;
  readonly date: string;
  readonly seats: number;
  readonly amount: number;
  readonly currency: string;
  readonly paidAtMs: InstantMs;
  /** The prices of its refunded tickets. */
  readonly refunded: number;
  /** The part of `refunded` that the operator has kept. */
  readonly fees: number;
}

/** One side of a transfer; the entries of a transfer sum to zero. */
export interface LedgerRecord {
  readonly entryNo: number;
  readonly entryId: EntryId;
  readonly transferId: Id<"charge"> | PaymentId;
  readonly type: string;
  readonly account: string;
  readonly userId: UserId;
  readonly amount: number;
  /** The wallet's balance after the entry; null for other accounts. */
  readonly balance: number | null;
  readonly createdAtMs: InstantMs;
}

/** An entry of the queue's journal. */
export interface QueueRecord {
  readonly epoch: number;
  readonly n: number;
  readonly kind: string;
  readonly userId: UserId;
  readonly placeEpoch: number;
  readonly placeSeq: number;
  readonly atMs: InstantMs;
  readonly activeUntilMs: InstantMs | null;
}

interface Records {
  readonly tickets: TicketRecord;
  readonly payments: PaymentRecord;
  readonly ledger: LedgerRecord;
  readonly queue: QueueRecord;
}

export type Book = keyof Records;
export type RecordOf<Name extends Book> = Records[Name];

/** The columns of a book: the name of each, and its value in a record. */
type Columns<Entry> = Readonly<Record<string, (entry: Entry, plan: SeatingPlan) => Cell>>;

const instant = (atMs: InstantMs | null): Cell => (atMs === null ? null : toRfc3339(atMs));

/**
 * The columns of each book, in the order of the file. Programs of operators read them by name: a column keeps its name
 * and its meaning, and a new one comes last.
 */
const columns: { readonly [Name in Book]: Columns<RecordOf<Name>> } = {
  tickets: {
    ticketId: ({ ticketId }) => ticketId,
    status: ({ status }) => status,
    date: ({ date }) => date,
    startsAt: ({ startsAtMs }) => instant(startsAtMs),
    section: ({ seatNumber }, plan) => seatLabel(plan, seatNumber).section,
    row: ({ seatNumber }, plan) => seatLabel(plan, seatNumber).row,
    name: ({ seatNumber }, plan) => seatLabel(plan, seatNumber).name,
    seatNumber: ({ seatNumber }) => seatNumber,
    grade: ({ seatNumber }, plan) => seatLabel(plan, seatNumber).grade,
    price: ({ price }) => price,
    currency: ({ currency }) => currency,
    holderId: ({ holderId }) => holderId,
    holderName: ({ holderName }) => holderName,
    buyerId: ({ buyerId }) => buyerId,
    paymentId: ({ paymentId }) => paymentId,
    paidAt: ({ paidAtMs }) => instant(paidAtMs),
    usedAt: ({ usedAtMs }) => instant(usedAtMs),
    gate: ({ gate }) => gate,
  },
  payments: {
    paymentId: ({ paymentId }) => paymentId,
    reservationId: ({ reservationId }) => reservationId,
    userId: ({ userId }) => userId,
    userName: ({ userName }) => userName,
    date: ({ date }) => date,
    seats: ({ seats }) => seats,
    amount: ({ amount }) => amount,
    currency: ({ currency }) => currency,
    paidAt: ({ paidAtMs }) => instant(paidAtMs),
    refunded: ({ refunded }) => refunded,
    fees: ({ fees }) => fees,
  },
  ledger: {
    entryNo: ({ entryNo }) => entryNo,
    entryId: ({ entryId }) => entryId,
    transferId: ({ transferId }) => transferId,
    type: ({ type }) => type,
    account: ({ account }) => account,
    userId: ({ userId }) => userId,
    amount: ({ amount }) => amount,
    balance: ({ balance }) => balance,
    createdAt: ({ createdAtMs }) => instant(createdAtMs),
  },
  queue: {
    epoch: ({ epoch }) => epoch,
    n: ({ n }) => n,
    event: ({ kind }) => kind,
    userId: ({ userId }) => userId,
    placeEpoch: ({ placeEpoch }) => placeEpoch,
    placeSeq: ({ placeSeq }) => placeSeq,
    at: ({ atMs }) => instant(atMs),
    activeUntil: ({ activeUntilMs }) => instant(activeUntilMs),
  },
};

/** The names of a book's columns. */
export const headOf = (book: Book): readonly string[] => Object.keys(columns[book]);

/** The values of a record, in the order of the columns. */
export const cellsOf = <Name extends Book>(
  book: Name,
  record: RecordOf<Name>,
  plan: SeatingPlan,
): readonly Cell[] => Object.values(columns[book]).map((valueOf) => valueOf(record, plan));

/** An export of a concert's book, for the audit trail. */
export interface ExportNote {
  readonly actor: string;
  readonly concertId: ConcertId;
  readonly book: Book;
}
