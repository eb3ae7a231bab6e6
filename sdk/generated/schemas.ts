// Made by `node scripts/sdk.ts` from the OpenAPI document; a test holds the two together.
import type { Nothing } from "../operation.ts";

/** Each code of a refusal with what its problem carries beside the standard members. */
export interface ProblemMembers {
  readonly ACCESS_TOKEN_INVALID: Nothing;
  readonly BALANCE_LIMIT_EXCEEDED: Nothing;
  readonly CONCERT_NOT_FOUND: Nothing;
  readonly DATE_NOT_FOUND: Nothing;
  readonly IDEMPOTENCY_IN_PROGRESS: Nothing;
  readonly IDEMPOTENCY_KEY_REQUIRED: Nothing;
  readonly IDEMPOTENCY_KEY_REUSED: Nothing;
  readonly INSUFFICIENT_BALANCE: { readonly balance: number; readonly amount: number };
  readonly INTERNAL: Nothing;
  readonly INVALID_REQUEST: Nothing;
  readonly NOT_FOUND: Nothing;
  readonly OPERATOR_KEY_INVALID: Nothing;
  readonly PAYLOAD_TOO_LARGE: Nothing;
  readonly PAYMENT_NOT_FOUND: Nothing;
  readonly QUEUE_NOT_ACTIVE: Nothing;
  readonly QUEUE_NOT_OPEN: Nothing;
  readonly QUEUE_TOKEN_ENDED: Nothing;
  readonly QUEUE_TOKEN_INVALID: Nothing;
  readonly QUEUE_TOKEN_MISMATCH: Nothing;
  readonly RATE_LIMITED: Nothing;
  readonly RESERVATION_ALREADY_HELD: { readonly reservationId: string };
  readonly RESERVATION_EXPIRED: Nothing;
  readonly RESERVATION_NOT_CANCELLABLE: Nothing;
  readonly RESERVATION_NOT_FOUND: Nothing;
  readonly RESERVATION_NOT_PAYABLE: Nothing;
  readonly SEAT_LIMIT_EXCEEDED: Nothing;
  readonly SEAT_UNAVAILABLE: { readonly seatNumbers: readonly number[] };
  readonly SOLD_OUT: Nothing;
  readonly UNAVAILABLE: { readonly checks: unknown };
  readonly UNSUPPORTED_MEDIA_TYPE: Nothing;
}

export interface AuditList {
  /** This page */
  readonly items: readonly {
    /** When */
    readonly at: string;
    /** Who: names an operator key, is no part of it */
    readonly actor: string;
    /** What was done */
    readonly action: string;
    readonly concertId: string | null;
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
  }[];
  /** Send it as `cursor` for the next page; null: this was the last one */
  readonly nextCursor: string | null;
}

export interface Balance {
  /** Whose balance it is */
  readonly userId: string;
  /** The balance, in the minor unit of the currency */
  readonly balance: number;
  /** The installation's one currency, ISO 4217 */
  readonly currency: string;
}

export interface BookableDates {
  /** By date */
  readonly items: readonly {
    /** Date of the show, in the concert's own time zone */
    readonly date: string;
    /** When the show begins */
    readonly startsAt: string;
    /** Seats that can be reserved */
    readonly seatsAvailable: number;
    /** All seats of the show */
    readonly seatsTotal: number;
  }[];
}

export interface Charge {
  /** The charge */
  readonly chargeId: string;
  /** Whose balance it is */
  readonly userId: string;
  /** What was added, in the minor unit of the currency */
  readonly amount: number;
  /** The balance after it, in the minor unit of the currency */
  readonly balance: number;
  /** The installation's one currency, ISO 4217 */
  readonly currency: string;
  /** When it was added */
  readonly chargedAt: string;
}

export interface Concert {
  /** The concert */
  readonly concertId: string;
  /** What people read */
  readonly title: string;
  readonly venue: string | null;
  /** IANA name */
  readonly timeZone: string;
  /** The shows, by date */
  readonly dates: readonly {
    /** In the concert's time zone */
    readonly date: string;
    /** When the show begins */
    readonly startsAt: string;
  }[];
  /** Of all seats */
  readonly priceRange: {
    /** The cheapest seat */
    readonly min: number;
    /** The dearest seat */
    readonly max: number;
  };
  /** ISO 4217 code */
  readonly currency: string;
  /** The queue's schedule, and where it stands */
  readonly queue: {
    /** `fifo`: order of arrival; `lottery`: drawn from all who joined the lobby. Fixed once open. Default `fifo` */
    readonly mode: "fifo" | "lottery";
    /** Where the sale stands */
    readonly state:
      | "SCHEDULED"
      | "LOBBY"
      | "OPEN"
      | "PAUSED"
      | "RECOVERING"
      | "ALL_HELD"
      | "SOLD_OUT"
      | "CLOSED";
    /** When the queue opens (lottery: its lobby). Fixed once open. Default: now */
    readonly opensAt: string;
    readonly admitsAt: string | null;
  };
}

export interface ConcertList {
  /** This page */
  readonly items: readonly {
    /** The concert */
    readonly concertId: string;
    /** What people read */
    readonly title: string;
    readonly venue: string | null;
    /** IANA name */
    readonly timeZone: string;
    /** The shows, by date */
    readonly dates: readonly {
      /** In the concert's time zone */
      readonly date: string;
      /** When the show begins */
      readonly startsAt: string;
    }[];
    /** Of all seats */
    readonly priceRange: {
      /** The cheapest seat */
      readonly min: number;
      /** The dearest seat */
      readonly max: number;
    };
    /** ISO 4217 code */
    readonly currency: string;
    /** The queue's schedule, and where it stands */
    readonly queue: {
      /** `fifo`: order of arrival; `lottery`: drawn from all who joined the lobby. Fixed once open. Default `fifo` */
      readonly mode: "fifo" | "lottery";
      /** Where the sale stands */
      readonly state:
        | "SCHEDULED"
        | "LOBBY"
        | "OPEN"
        | "PAUSED"
        | "RECOVERING"
        | "ALL_HELD"
        | "SOLD_OUT"
        | "CLOSED";
      /** When the queue opens (lottery: its lobby). Fixed once open. Default: now */
      readonly opensAt: string;
      readonly admitsAt: string | null;
    };
  }[];
  /** Send it as `cursor` for the next page; null: this was the last one */
  readonly nextCursor: string | null;
}

export interface ConcertOnSale {
  /** The concert */
  readonly concertId: string;
  /** What people read */
  readonly title: string;
  readonly venue: string | null;
  /** IANA name */
  readonly timeZone: string;
  /** The shows, by date */
  readonly dates: readonly {
    /** In the concert's time zone */
    readonly date: string;
    /** When the show begins */
    readonly startsAt: string;
  }[];
  /** Of all seats */
  readonly priceRange: {
    /** The cheapest seat */
    readonly min: number;
    /** The dearest seat */
    readonly max: number;
  };
  /** ISO 4217 code */
  readonly currency: string;
  /** The queue's schedule, and where it stands */
  readonly queue: {
    /** `fifo`: order of arrival; `lottery`: drawn from all who joined the lobby. Fixed once open. Default `fifo` */
    readonly mode: "fifo" | "lottery";
    /** Where the sale stands */
    readonly state:
      | "SCHEDULED"
      | "LOBBY"
      | "OPEN"
      | "PAUSED"
      | "RECOVERING"
      | "ALL_HELD"
      | "SOLD_OUT"
      | "CLOSED";
    /** When the queue opens (lottery: its lobby). Fixed once open. Default: now */
    readonly opensAt: string;
    readonly admitsAt: string | null;
  };
  /** How the sale runs */
  readonly policy: {
    /** `fifo`: order of arrival; `lottery`: drawn from all who joined the lobby. Fixed once open. Default `fifo` */
    readonly mode: "fifo" | "lottery";
    /** When the queue opens (lottery: its lobby). Fixed once open. Default: now */
    readonly opensAt: string;
    readonly admitsAt: string | null;
    /** At most this many people are ACTIVE at once. 1 to 1000000, default 200 */
    readonly maxActive: number;
    /** At most this many people are admitted a minute. 1 to 1000000, default 600 */
    readonly admissionsPerMinute: number;
    /** Nobody is admitted while the ACTIVE people without a hold are this times the seats AVAILABLE or more. 1 to 1000, default 2 */
    readonly shoppersPerSeat: number;
    /** How long an admitted person has. 1 to 86400, default 600 */
    readonly sessionSeconds: number;
    /** Within this time an admitted person must show up. 1 to 86400, default 60 */
    readonly claimSeconds: number;
    /** How long a reservation is held for payment. 1 to 86400, default 300 */
    readonly holdSeconds: number;
    /** Seats a user may have over all dates, held and bought. 1 to 1000, default 4 */
    readonly maxSeatsPerUser: number;
    /** Seats in one reservation. 1 to 50, default 4 */
    readonly maxSeatsPerReservation: number;
  };
  readonly pausedAt: string | null;
  readonly resumedAt: string | null;
  readonly rampSeconds: number | null;
  readonly closedAt: string | null;
}

export interface ConcertOnSaleList {
  /** This page */
  readonly items: readonly ConcertOnSale[];
  /** Send it as `cursor` for the next page; null: this was the last one */
  readonly nextCursor: string | null;
}

/** The draw of a lottery; null for fifo. */
export interface Draw {
  /** SHA-256 of the seed's bytes in hex, from the concert's creation on: note it. */
  readonly commitment: string;
  readonly seed: string | null;
  readonly drawnAt: string | null;
  readonly entrants: number | null;
  readonly entrantsDigest: string | null;
}

export interface DrawnPlace {
  /** The first 13 hex digits of HMAC-SHA-256 (key: the seed's bytes, message: the user id in lower case), as an integer. */
  readonly drawValue: number;
  /** SHA-256 of the user id in lower case, in hex: whose it is, only its owner can tell. */
  readonly userHash: string;
}

export interface LedgerEntry {
  /** The entry */
  readonly entryId: string;
  /** What moved the money */
  readonly type: "CHARGE" | "PAYMENT";
  /** What the balance gained; negative for a payment, in the minor unit of the currency */
  readonly amount: number;
  /** The balance after it, in the minor unit of the currency */
  readonly balance: number;
  /** The charge or payment */
  readonly referenceId: string;
  /** When it happened */
  readonly createdAt: string;
}

export interface LedgerEntryPage {
  /** This page */
  readonly items: readonly LedgerEntry[];
  /** Send it as `cursor` for the next page; null: this was the last one */
  readonly nextCursor: string | null;
}

export interface Payment {
  /** The payment */
  readonly paymentId: string;
  /** What was paid */
  readonly reservationId: string;
  /** Who paid */
  readonly userId: string;
  /** What was paid, in the minor unit of the currency */
  readonly amount: number;
  /** The installation's one currency, ISO 4217 */
  readonly currency: string;
  /** The balance after it, in the minor unit of the currency */
  readonly balance: number;
  /** When it was paid */
  readonly paidAt: string;
  /** One a seat */
  readonly tickets: readonly Ticket[];
}

export interface PaymentPage {
  /** This page */
  readonly items: readonly Payment[];
  /** Send it as `cursor` for the next page; null: this was the last one */
  readonly nextCursor: string | null;
}

export interface PlaceHistory {
  /** The concert. */
  readonly concertId: string;
  /** Whose places they are. */
  readonly userId: string;
  /** Oldest first. Empty for somebody who never came, and for who waited without a turn in a queue that has sold out or closed. */
  readonly places: readonly {
    /** The life of the queue's store in which the place was given. */
    readonly epoch: number;
    /** The number that it was given; it is in the user's token too. */
    readonly seq: number;
    /** Where it is; AWAY: set aside until its person returns; UNKNOWN: not in the store. */
    readonly status: "LOBBY" | "WAITING" | "AWAY" | "ACTIVE" | "ENDED" | "UNKNOWN";
    readonly position: number | null;
    readonly expiresAt: string | null;
    readonly endedReason: "PAID" | "LEFT" | "LAPSED" | "SOLD_OUT" | "CLOSED" | null;
    /** Where the place is now, in words, in English. */
    readonly explanation: string;
    /** What happened to it, in order. */
    readonly events: readonly {
      /** What happened; STEPPED_OVER: was not there when the turn came, and was set aside. */
      readonly event:
        | "JOINED"
        | "DRAWN"
        | "ADMITTED"
        | "STEPPED_OVER"
        | "RETURNED"
        | "PAID"
        | "LEFT"
        | "LAPSED"
        | "SOLD_OUT"
        | "CLOSED";
      readonly at: string | null;
      readonly activeUntil: string | null;
      readonly before: number | null;
      readonly drawValue: number | null;
      readonly rank: number | null;
      readonly entrants: number | null;
      /** The same in words, in English. */
      readonly explanation: string;
    }[];
  }[];
  /** When this was read. */
  readonly serverTime: string;
}

export interface PolicyPreview {
  /** The concert */
  readonly concertId: string;
  /** Where the sale stands */
  readonly state:
    | "SCHEDULED"
    | "LOBBY"
    | "OPEN"
    | "PAUSED"
    | "RECOVERING"
    | "ALL_HELD"
    | "SOLD_OUT"
    | "CLOSED";
  /** People in the queue */
  readonly waiting: number;
  /** People who may buy now */
  readonly active: number;
  /** Over all dates that can be booked */
  readonly seatsAvailable: number;
  /** What the preview rests on */
  readonly measured: {
    readonly turnSeconds: number | null;
    readonly seatsPerTurn: number | null;
  };
  /** How the queue goes on as things stand */
  readonly now: {
    /** `LINE_EMPTY`: everybody gets a turn; `SOLD_OUT`: the seats are gone before; `NEVER`: no seat is free, so nobody is admitted */
    readonly ends: "LINE_EMPTY" | "SOLD_OUT" | "NEVER";
    readonly endsAfterSeconds: number | null;
    readonly lastWaitSeconds: number | null;
    /** How many of those who wait get their turn */
    readonly turns: number;
    /** On average until then */
    readonly admissionsPerMinute: number;
    readonly limitedBy: "RATE" | "CAP" | "STOCK" | null;
  };
  /** How it would go on under the change */
  readonly changed: {
    /** `LINE_EMPTY`: everybody gets a turn; `SOLD_OUT`: the seats are gone before; `NEVER`: no seat is free, so nobody is admitted */
    readonly ends: "LINE_EMPTY" | "SOLD_OUT" | "NEVER";
    readonly endsAfterSeconds: number | null;
    readonly lastWaitSeconds: number | null;
    /** How many of those who wait get their turn */
    readonly turns: number;
    /** On average until then */
    readonly admissionsPerMinute: number;
    readonly limitedBy: "RATE" | "CAP" | "STOCK" | null;
  };
  /** When this was read */
  readonly serverTime: string;
}

/** RFC 9457 problem details, `application/problem+json` */
export interface Problem {
  /** Path of the code's explanation */
  readonly type: string;
  /** What the code means */
  readonly title: string;
  /** The HTTP status */
  readonly status: number;
  /** What was wrong this time */
  readonly detail: string;
  /** Path and query of the request */
  readonly instance: string;
  /** Stable: programs decide by it, and by nothing else of the body */
  readonly code:
    | "INVALID_REQUEST"
    | "IDEMPOTENCY_KEY_REQUIRED"
    | "ACCESS_TOKEN_INVALID"
    | "QUEUE_TOKEN_INVALID"
    | "QUEUE_TOKEN_ENDED"
    | "OPERATOR_KEY_INVALID"
    | "INSUFFICIENT_BALANCE"
    | "QUEUE_NOT_ACTIVE"
    | "QUEUE_TOKEN_MISMATCH"
    | "NOT_FOUND"
    | "CONCERT_NOT_FOUND"
    | "DATE_NOT_FOUND"
    | "RESERVATION_NOT_FOUND"
    | "PAYMENT_NOT_FOUND"
    | "METHOD_NOT_ALLOWED"
    | "SEAT_UNAVAILABLE"
    | "RESERVATION_ALREADY_HELD"
    | "SEAT_LIMIT_EXCEEDED"
    | "RESERVATION_NOT_PAYABLE"
    | "RESERVATION_NOT_CANCELLABLE"
    | "BALANCE_LIMIT_EXCEEDED"
    | "IDEMPOTENCY_IN_PROGRESS"
    | "QUEUE_NOT_OPEN"
    | "SOLD_OUT"
    | "RESERVATION_EXPIRED"
    | "PAYLOAD_TOO_LARGE"
    | "UNSUPPORTED_MEDIA_TYPE"
    | "IDEMPOTENCY_KEY_REUSED"
    | "RATE_LIMITED"
    | "INTERNAL"
    | "UNAVAILABLE";
  /** `INVALID_REQUEST`: at most 20 of its faults */
  readonly errors?: readonly {
    /** JSON Pointer into the body, or `/params/…`, `/query/…`, `/headers/…` */
    readonly pointer: string;
    /** What is wrong there */
    readonly message: string;
  }[];
  /** `INSUFFICIENT_BALANCE`: what there is, in the minor unit */
  readonly balance?: number;
  /** `INSUFFICIENT_BALANCE`: what it costs */
  readonly amount?: number;
  /** `SEAT_UNAVAILABLE`: those that are taken */
  readonly seatNumbers?: readonly number[];
  /** `RESERVATION_ALREADY_HELD`: the one that is held */
  readonly reservationId?: string;
}

export interface Queue {
  /** The concert. */
  readonly concertId: string;
  /** What the queue is doing. */
  readonly state:
    | "SCHEDULED"
    | "LOBBY"
    | "OPEN"
    | "PAUSED"
    | "RECOVERING"
    | "ALL_HELD"
    | "SOLD_OUT"
    | "CLOSED";
  /** `fifo`: order of arrival; `lottery`: drawn from the lobby. */
  readonly mode: "fifo" | "lottery";
  /** From when one may join. */
  readonly opensAt: string;
  readonly admitsAt: string | null;
  /** People in the queue. */
  readonly waiting: number;
  /** People who may buy now. */
  readonly active: number;
  readonly nowServing: number | null;
  readonly lastIssued: number | null;
  readonly seatsAvailable: number | null;
  readonly seatsHeld: number | null;
  readonly seatsTotal: number | null;
  /** The rate that the operator has set. */
  readonly admissionsPerMinute: number;
  readonly draw: Draw | null;
}

export interface QueueStatus {
  /** The newest queue token of this place: keep it. */
  readonly token: string;
  /** Whose place it is. */
  readonly userId: string;
  /** The concert. */
  readonly concertId: string;
  /** LOBBY: before the draw. ACTIVE: may buy now. */
  readonly status: "LOBBY" | "WAITING" | "ACTIVE" | "ENDED";
  /** What the queue is doing. */
  readonly queueState:
    | "SCHEDULED"
    | "LOBBY"
    | "OPEN"
    | "PAUSED"
    | "RECOVERING"
    | "ALL_HELD"
    | "SOLD_OUT"
    | "CLOSED";
  readonly position: number | null;
  readonly ahead: number | null;
  readonly estimatedWaitSeconds: number | null;
  readonly estimatedWaitRange: {
    /** Seconds: as likely shorter as longer. */
    readonly p50: number;
    /** Seconds: 9 of 10 wait less. */
    readonly p90: number;
  } | null;
  /** When to ask again. */
  readonly pollAfterMs: number;
  readonly expiresAt: string | null;
  readonly endedReason: "PAID" | "LEFT" | "LAPSED" | "SOLD_OUT" | "CLOSED" | null;
  /** When the queue was read. */
  readonly serverTime: string;
}

export interface Reservation {
  /** The reservation */
  readonly reservationId: string;
  /** Whose it is */
  readonly userId: string;
  /** The concert */
  readonly concertId: string;
  /** Date of the show, in the concert's own time zone */
  readonly date: string;
  /** Its seats, ascending */
  readonly seatNumbers: readonly number[];
  /** What it costs, in the minor unit of the currency */
  readonly amount: number;
  /** The installation's one currency, ISO 4217 */
  readonly currency: string;
  /** A hold past `expiresAt` reads EXPIRED at once */
  readonly status: "HELD" | "CONFIRMED" | "EXPIRED" | "CANCELLED";
  /** When the seats were held */
  readonly heldAt: string;
  /** When the hold lapses unless it is paid */
  readonly expiresAt: string;
  /** When this was so, by the clock that lapses holds */
  readonly serverTime: string;
}

export interface ReservationPage {
  /** This page */
  readonly items: readonly Reservation[];
  /** Send it as `cursor` for the next page; null: this was the last one */
  readonly nextCursor: string | null;
}

export interface Sales {
  /** The concert */
  readonly concertId: string;
  /** By date, and then by seat number */
  readonly items: readonly {
    /** Date of the show, in the concert's own time zone */
    readonly date: string;
    /** The price category */
    readonly grade: string;
    /** Of one seat, in the minor unit of the currency */
    readonly price: number;
    /** Free; those of lapsed holds are */
    readonly seatsAvailable: number;
    /** Held */
    readonly seatsHeld: number;
    /** Sold */
    readonly seatsSold: number;
    /** Of the seats sold */
    readonly revenue: number;
  }[];
  /** When this was read */
  readonly serverTime: string;
}

export interface SeatHolders {
  /** The concert */
  readonly concertId: string;
  /** Date of the show, in the concert's own time zone */
  readonly date: string;
  /** By seat number */
  readonly items: readonly {
    /** 1 to 50 */
    readonly seatNumber: number;
    /** The price category */
    readonly grade: string;
    /** In the minor unit of the currency */
    readonly price: number;
    /** A lapsed hold is AVAILABLE */
    readonly status: "AVAILABLE" | "HELD" | "SOLD";
    readonly userId: string | null;
    readonly reservationId: string | null;
    readonly expiresAt: string | null;
  }[];
  /** When this was read */
  readonly serverTime: string;
}

export interface Seats {
  /** Date of the show, in the concert's own time zone */
  readonly date: string;
  /** Seats that can be reserved */
  readonly seatsAvailable: number;
  /** By number */
  readonly items: readonly {
    /** Number of a seat, 1 to 50 */
    readonly seatNumber: number;
    /** The price category */
    readonly grade: string;
    /** The price of the seat, in the minor unit of the currency */
    readonly price: number;
    /** As of at most 1 s ago */
    readonly status: "AVAILABLE" | "HELD" | "SOLD";
  }[];
}

export interface Stats {
  /** The concert */
  readonly concertId: string;
  /** Where the sale stands */
  readonly state:
    | "SCHEDULED"
    | "LOBBY"
    | "OPEN"
    | "PAUSED"
    | "RECOVERING"
    | "ALL_HELD"
    | "SOLD_OUT"
    | "CLOSED";
  readonly waiting: number | null;
  readonly aside: number | null;
  readonly active: number | null;
  /** The setting */
  readonly admissionsPerMinute: number;
  readonly admittedLastMinute: number | null;
  /** Admissions since the queue opened */
  readonly admittedTotal: number;
  /** Over all dates that can be booked */
  readonly seatsAvailable: number;
  /** Held by a reservation that has not lapsed */
  readonly seatsHeld: number;
  /** Sold */
  readonly seatsSold: number;
  /** All seats of all dates */
  readonly seatsTotal: number;
  /** Paid so far, in the minor unit of the currency */
  readonly revenue: number;
  /** ISO 4217 code */
  readonly currency: string;
  readonly waitSeconds: {
    /** Half of them, at most */
    readonly p50: number;
    /** 9 of 10, at most */
    readonly p90: number;
    /** 99 of 100, at most */
    readonly p99: number;
  } | null;
  /** People who ever got a place */
  readonly joinedTotal: number;
  /** Places that ended without a ticket, also of a queue that has lost its store */
  readonly abandoned: {
    /** Places given up */
    readonly left: number;
    /** Places whose people did not come */
    readonly lapsed: number;
    readonly share: number | null;
  };
  /** When this was read */
  readonly serverTime: string;
}

export interface StatsHistory {
  /** The concert. */
  readonly concertId: string;
  /** From one point to the next. */
  readonly stepSeconds: number;
  /** Oldest first, every step; none from before the queue first moved. */
  readonly items: readonly {
    /** The end of the step. */
    readonly at: string;
    /** People in the queue at its end. */
    readonly waiting: number;
    /** People who could buy at its end. */
    readonly active: number;
    /** People who joined in the step. */
    readonly joined: number;
    /** People admitted in the step. */
    readonly admitted: number;
    /** Places given up in the step. */
    readonly left: number;
    /** Places whose people did not come, or had had their time. */
    readonly lapsed: number;
    readonly seatsAvailable: number | null;
    readonly seatsHeld: number | null;
    readonly seatsSold: number | null;
  }[];
  /** When this was read. The last step has not ended yet. */
  readonly serverTime: string;
}

export interface Ticket {
  /** The ticket */
  readonly ticketId: string;
  /** The concert */
  readonly concertId: string;
  /** Date of the show, in the concert's own time zone */
  readonly date: string;
  /** Number of a seat, 1 to 50 */
  readonly seatNumber: number;
}

export interface UserWithToken {
  /** The new user */
  readonly userId: string;
  /** Send it as `Authorization: Bearer …` */
  readonly accessToken: string;
  /** When the access token ends */
  readonly expiresAt: string;
}
