import type { ChargeId, ConcertId, PaymentId, ReservationId, UserId } from "#kernel/ids.ts";
import type { Intent, KeyOutcome as KeyOutcomeOf } from "#kernel/idempotency.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";
import type { PlaceMark } from "#kernel/place.ts";
import type { SeatingPlan, SeatSpan } from "#kernel/seating-plan.ts";
import type { BestWish } from "./best-seats.ts";
import type { HoldPolicy } from "./hold-limit.ts";
import type { Payment } from "./payment.ts";
import type { Refund } from "./refund.ts";
import type { Reservation } from "./reservation.ts";

/** Holds all of the seats for the user, or none. */
export interface Reserve {
  readonly kind: "reserve";
  /** Minted before anything is loaded: after a COMMIT whose answer was lost, the retry looks for this id. */
  readonly reservationId: ReservationId;
  readonly userId: UserId;
  readonly concertId: ConcertId;
  readonly place: PlaceMark;
  readonly date: string;
  /** Ascending, none twice. Empty when the box office chooses the seats. */
  readonly seatNumbers: readonly number[];
  /** The seats that the box office chooses, from this plan. */
  readonly best?: { readonly wish: BestWish; readonly plan: SeatingPlan } | undefined;
  /** The rows of `seatNumbers`, in which the command may create no single seat; none where it may. */
  readonly rows: readonly SeatSpan[];
  readonly holdSeconds: number;
  readonly maxSeatsPerUser: number;
  readonly maxSeatsPerReservation: number;
  readonly holdPolicy: HoldPolicy;
  readonly currency: string;
  readonly intent: Intent | null;
}

/** Pays a reservation from the wallet of its owner and ends the owner's place. */
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
  /** The operator who charges at the desk; absent for the user's own charge. */
  readonly onBehalf?: OperatorNote | undefined;
}

/** Gives up a reservation. */
export interface Cancel {
  readonly kind: "cancel";
  readonly userId: UserId;
  readonly reservationId: ReservationId;
  /** The concert of the queue token that the request came with; null for an access token. */
  readonly tokenConcertId: ConcertId | null;
  /** Present when an operator cancels on behalf of the owner. */
  readonly onBehalf?: OperatorNote;
}

/** The operator who acts, and the reason. */
export interface OperatorNote {
  readonly actor: string;
  readonly reason: string;
}

/** Ends a place in the queue for good and cancels the reservation that is HELD under it. */
export interface Leave {
  readonly kind: "leave";
  readonly userId: UserId;
  readonly concertId: ConcertId;
  readonly place: PlaceMark;
}

/** Makes a reservation EXPIRED whose hold has lapsed. Only the sweeper submits it. */
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
  /** The place that ended with the payment: the later of the token's and the reservation's. */
  readonly ended: PlaceMark;
}
/** The caller's own reservation was paid before; the same payment again. */
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

/** Tickets were refunded to the user who paid. */
export interface Refunded {
  readonly kind: "refunded";
  readonly refund: Refund;
}

/** The outcome stored under an Idempotency-Key: everything that the response body is made from. */
export type Success = Reserved | Paid | AlreadyPaid | Charged | Refunded;

export interface StoredAnswer {
  readonly fingerprint: string;
  readonly answer: Success;
}

/** The outcome for a key that was used before. */
export type KeyOutcome = KeyOutcomeOf<Success>;

/** The concert does not take place. */
export interface ConcertCancelled {
  readonly kind: "concert-cancelled";
}

export type ReserveOutcome =
  | KeyOutcome
  /** The place of the queue token, or a later place of the user, has ended. */
  | { readonly kind: "ended" }
  /** There is no such show. */
  | { readonly kind: "date-not-found" }
  | ConcertCancelled
  | { readonly kind: "already-held"; readonly reservationId: ReservationId }
  /** `owned`: the seats that the user has, for `limitOf: "user"`; 0 for `limitOf: "reservation"`. */
  | {
      readonly kind: "seat-limit-exceeded";
      readonly limitOf: "reservation" | "user";
      readonly seatsMax: number;
      readonly owned: number;
    }
  /** Too many holds of the user were not paid. `retryAfterMs`: until the user may hold seats again. */
  | { readonly kind: "hold-limit"; readonly retryAfterMs: number }
  /**
   * `seatNumbers`: exactly the seats that are taken; none when the box office had to choose. `available`: then
   * the number of free seats that match the wish.
   */
  | {
      readonly kind: "seats-unavailable";
      readonly seatNumbers: readonly number[];
      readonly available?: number;
    }
  /** `seatNumbers`: the seats that the choice would leave single. */
  | { readonly kind: "single-seat-left"; readonly seatNumbers: readonly number[] }
  | Reserved;

export type PayOutcome =
  | KeyOutcome
  /** The reservation is the user's own, but of another concert than the token's. */
  | { readonly kind: "token-mismatch" }
  | { readonly kind: "not-found" }
  | AlreadyPaid
  | ConcertCancelled
  | { readonly kind: "not-payable" }
  | { readonly kind: "expired" }
  | { readonly kind: "insufficient-balance"; readonly balance: Money; readonly amount: Money }
  | Paid;

export type ChargeOutcome = KeyOutcome | { readonly kind: "balance-limit-exceeded" } | Charged;

export type CancelOutcome =
  | { readonly kind: "not-found" }
  | { readonly kind: "token-mismatch" }
  | { readonly kind: "not-cancellable" }
  /** Now or before. `freed`: the reservation that this command cancelled, so that the queue must know. */
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
