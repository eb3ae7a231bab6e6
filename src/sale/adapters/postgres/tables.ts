import type {
  ConcertId,
  PaymentId,
  RefundId,
  ReservationId,
  TicketId,
  UserId,
} from "#kernel/ids.ts";
import type { Money } from "#kernel/money.ts";
import type { EndedReason } from "#kernel/place.ts";
import type { AuditEntry, OutboxEvent } from "../../domain/batch-state.ts";
import type { StoredAnswer } from "../../domain/commands.ts";
import type { UnpaidHold } from "../../domain/hold-limit.ts";
import type { Payment, Ticket } from "../../domain/payment.ts";
import type { Refund } from "../../domain/refund.ts";
import type { Reservation } from "../../domain/reservation.ts";
import type { Seat } from "../../domain/seat.ts";
import type { LedgerEntry } from "../../domain/wallet.ts";
import { table } from "./table.ts";

/** A reservation without its seats, which are rows of their own. */
export type ReservationRow = Omit<
  Reservation,
  "seatNumbers" | "prices" | "refundedSeats" | "place"
> & {
  readonly placeEpoch: number;
  readonly placeSeq: number;
};

export const reservations = table<ReservationRow>("reservation", {
  reservationId: "uuid",
  userId: "uuid",
  concertId: "uuid",
  date: "date",
  amount: "int8",
  currency: "word",
  status: "word",
  heldAtMs: "instant",
  expiresAtMs: "instant",
  placeEpoch: "int4",
  placeSeq: "int8",
});

export interface ReservationSeatRow {
  readonly reservationId: ReservationId;
  readonly concertId: ConcertId;
  readonly date: string;
  readonly seatNumber: number;
  /** When the seat was held. */
  readonly price: Money;
  /** Whether the seat belongs to the reservation. */
  readonly live: boolean;
}

export const reservationSeats = table<ReservationSeatRow>("reservation_seat", {
  reservationId: "uuid",
  concertId: "uuid",
  date: "date",
  seatNumber: "int4",
  price: "int8",
  live: "boolean",
});

export const seats = table<Seat>("seat", {
  concertId: "uuid",
  date: "date",
  seatNumber: "int4",
  grade: "text",
  status: "word",
  reservationId: "uuid",
  expiresAtMs: "instant",
  fence: "int8",
});

interface GradeRow {
  readonly concertId: ConcertId;
  readonly name: string;
  readonly price: Money;
}

export const grades = table<GradeRow>("grade", { concertId: "uuid", name: "text", price: "int8" });

export interface BuyerRow {
  readonly userId: UserId;
  readonly concertId: ConcertId;
  readonly endedEpoch: number;
  readonly endedSeq: number;
  readonly endedReason: EndedReason | null;
  readonly unpaidHolds: readonly UnpaidHold[];
}

export const buyers = table<BuyerRow>("buyer", {
  userId: "uuid",
  concertId: "uuid",
  endedEpoch: "int4",
  endedSeq: "int8",
  endedReason: "word",
  unpaidHolds: "json",
});

export interface WalletRow {
  readonly userId: UserId;
  readonly balance: Money;
}

export const wallets = table<WalletRow>("wallet", { userId: "uuid", balance: "int8" });

export const ledgerEntries = table<LedgerEntry>("ledger_entry", {
  entryId: "uuid",
  transferId: "uuid",
  type: "word",
  account: "word",
  userId: "uuid",
  concertId: "uuid",
  amount: "int8",
  balance: "int8",
  createdAtMs: "instant",
});

/** A payment without its tickets, which are rows of their own. */
export type PaymentRow = Omit<Payment, "tickets">;

export const payments = table<PaymentRow>("payment", {
  paymentId: "uuid",
  reservationId: "uuid",
  userId: "uuid",
  concertId: "uuid",
  amount: "int8",
  currency: "word",
  balance: "int8",
  paidAtMs: "instant",
});

/** A new ticket; its holder is the buyer. */
export type TicketRow = Ticket & { readonly paymentId: PaymentId; readonly userId: UserId };

export const tickets = table<TicketRow>("ticket", {
  ticketId: "uuid",
  paymentId: "uuid",
  userId: "uuid",
  concertId: "uuid",
  date: "date",
  seatNumber: "int4",
});

/** A refund without its tickets, which name it. */
export type RefundRow = Omit<Refund, "ticketIds">;

export const refunds = table<RefundRow>("refund", {
  refundId: "uuid",
  paymentId: "uuid",
  userId: "uuid",
  concertId: "uuid",
  amount: "int8",
  fee: "int8",
  payable: "int8",
  balance: "int8",
  currency: "word",
  refundedAtMs: "instant",
  actor: "text",
  reason: "text",
});

export const refundedTickets = table<{
  readonly ticketId: TicketId;
  readonly refundId: RefundId;
}>("ticket", { ticketId: "uuid", refundId: "uuid" });

export type StoredAnswerRow = StoredAnswer & { readonly userId: UserId; readonly key: string };

export const storedAnswers = table<StoredAnswerRow>("idempotency", {
  userId: "uuid",
  key: "text",
  fingerprint: "text",
  answer: "json",
});

export type OutboxRow = Pick<OutboxEvent, "topic" | "concertId" | "userId" | "content">;

export const outbox = table<OutboxRow>("outbox", {
  topic: "word",
  concertId: "uuid",
  userId: "uuid",
  content: "json",
});

export const audits = table<AuditEntry>("audit", {
  actor: "text",
  action: "text",
  concertId: "uuid",
  before: "json",
  after: "json",
});
