import type { ChargeId, ConcertId, PaymentId, ReservationId, UserId } from "#kernel/ids.ts";
import type { Intent } from "#kernel/idempotency.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";
import type { PlaceMark } from "#kernel/place.ts";
import type { Payment } from "./payment.ts";
import type { Reservation } from "./reservation.ts";

/** Holds all of the seats for the buyer, or none. */
export interface Reserve {
  readonly kind: "reserve";
  /** Minted before anything is loaded, so that an unknown commit can be told by looking for it. */
  readonly reservationId: ReservationId;
  readonly userId: UserId;
  readonly concertId: ConcertId;
  readonly place: PlaceMark;
  readonly date: string;
  /** Ascending, none twice. */
  readonly seatNumbers: readonly number[];
  readonly holdSeconds: number;
  readonly maxSeatsPerUser: number;
  readonly maxSeatsPerReservation: number;
  readonly currency: string;
  readonly intent: Intent | null;
}

/** Pays a reservation from its owner's wallet and ends his place. */
export interface Pay {
  readonly kind: "pay";
  readonly paymentId: PaymentId;
  readonly userId: UserId;
  /** The concert and place of the queue token. */
  readonly concertId: ConcertId;
  readonly place: PlaceMark;
  readonly reservationId: ReservationId;
  readonly intent: Intent | null;
}

/** Adds money to a wallet. */
export interface Charge {
  readonly kind: "charge";
  readonly chargeId: ChargeId;
  readonly userId: UserId;
  readonly amount: Money;
  readonly currency: string;
  readonly intent: Intent;
}

/** Gives up a reservation. */
export interface Cancel {
  readonly kind: "cancel";
  readonly userId: UserId;
  readonly reservationId: ReservationId;
  /** The concert of the queue token that the request came with; null for an access token. */
  readonly tokenConcertId: ConcertId | null;
  /** Present when an operator does it in the owner's place. */
  readonly onBehalf?: OperatorNote;
}

/** Which operator did something, and why. */
export interface OperatorNote {
  readonly actor: string;
  readonly reason: string;
}

/** Ends a place in the queue for good, and cancels what is held under it. */
export interface Leave {
  readonly kind: "leave";
  readonly userId: UserId;
  readonly concertId: ConcertId;
  readonly place: PlaceMark;
}

/** Makes a lapsed hold visible: the sweeper's command. */
export interface Lapse {
  readonly kind: "lapse";
  readonly userId: UserId;
  readonly reservationId: ReservationId;
}

export type Command = Reserve | Pay | Charge | Cancel | Leave | Lapse;

export interface Reserved {
  readonly kind: "reserved";
  readonly reservation: Reservation;
}
export interface Paid {
  readonly kind: "paid";
  readonly payment: Payment;
  /** The place that ended with it: the later of the token's and the reservation's. */
  readonly ended: PlaceMark;
}
/** The caller's own reservation had been paid before: the same payment again. */
export interface AlreadyPaid {
  readonly kind: "already-paid";
  readonly payment: Payment;
}
export interface Charged {
  readonly kind: "charged";
  readonly chargeId: ChargeId;
  readonly userId: UserId;
  readonly amount: Money;
  readonly balance: Money;
  readonly currency: string;
  readonly chargedAtMs: InstantMs;
}

/** What is stored under an Idempotency-Key: everything that the answer is made from. */
export type Success = Reserved | Paid | AlreadyPaid | Charged;

export interface StoredAnswer {
  readonly fingerprint: string;
  readonly answer: Success;
}

/** What a key that was seen before answers. */
export type KeyOutcome =
  | { readonly kind: "replayed"; readonly answer: Success }
  | { readonly kind: "key-reused" }
  | { readonly kind: "key-in-progress" };

export type ReserveOutcome =
  | KeyOutcome
  /** The queue token's place, or a later one of the buyer, has ended. */
  | { readonly kind: "ended" }
  /** There is no such show. */
  | { readonly kind: "date-not-found" }
  | { readonly kind: "already-held"; readonly reservationId: ReservationId }
  /** `owned` counts the seats that he has, for the limit of a user; 0 for the limit of a reservation. */
  | {
      readonly kind: "seat-limit-exceeded";
      readonly limitOf: "reservation" | "user";
      readonly seatsMax: number;
      readonly owned: number;
    }
  /** Exactly the seats that are taken. */
  | { readonly kind: "seats-unavailable"; readonly seatNumbers: readonly number[] }
  | Reserved;

export type PayOutcome =
  | KeyOutcome
  /** His own reservation, but of another concert than the token's. */
  | { readonly kind: "token-mismatch" }
  | { readonly kind: "not-found" }
  | AlreadyPaid
  | { readonly kind: "not-payable" }
  | { readonly kind: "expired" }
  | { readonly kind: "insufficient-balance"; readonly balance: Money; readonly amount: Money }
  | Paid;

export type ChargeOutcome = KeyOutcome | { readonly kind: "balance-limit-exceeded" } | Charged;

export type CancelOutcome =
  | { readonly kind: "not-found" }
  | { readonly kind: "token-mismatch" }
  | { readonly kind: "not-cancellable" }
  /** Now or before. `freed`: by this command, so that the line should hear of it. */
  | { readonly kind: "cancelled"; readonly freed: Reservation | null };

export interface LeaveOutcome {
  readonly kind: "left";
}

export interface LapseOutcome {
  readonly kind: "lapsed" | "not-lapsed";
}

export interface OutcomeOf {
  readonly reserve: ReserveOutcome;
  readonly pay: PayOutcome;
  readonly charge: ChargeOutcome;
  readonly cancel: CancelOutcome;
  readonly leave: LeaveOutcome;
  readonly lapse: LapseOutcome;
}

export type CommandKind = keyof OutcomeOf;
export type CommandOf<K extends CommandKind> = Extract<Command, { readonly kind: K }>;
export type Outcome = OutcomeOf[CommandKind];
