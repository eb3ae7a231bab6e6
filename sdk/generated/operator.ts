// Made by `node scripts/sdk.ts` from the OpenAPI document; a test holds the two together.
import type { Operation } from "../operation.ts";
import type {
  AuditList,
  ConcertOnSale,
  ConcertOnSaleList,
  PlaceHistory,
  PolicyPreview,
  Reservation,
  Sales,
  SeatHolders,
  Seats,
  Stats,
  StatsHistory,
} from "./schemas.ts";

/** Change settings while the sale runs */
export const changePolicy: Operation<
  {
    /** The concert */
    readonly concertId: string;
    readonly body?: {
      /** `fifo`: order of arrival; `lottery`: drawn from all who joined the lobby. Fixed once open. Default `fifo` */
      readonly mode?: "fifo" | "lottery";
      /** When the queue opens (lottery: its lobby). Fixed once open. Default: now */
      readonly opensAt?: string;
      readonly admitsAt?: string | null;
      /** At most this many people are ACTIVE at once. 1 to 1000000, default 200 */
      readonly maxActive?: number;
      /** At most this many people are admitted a minute. 1 to 1000000, default 600 */
      readonly admissionsPerMinute?: number;
      /** Nobody is admitted while the ACTIVE people without a hold are this times the seats AVAILABLE or more. 1 to 1000, default 2 */
      readonly shoppersPerSeat?: number;
      /** How long an admitted person has. 1 to 86400, default 600 */
      readonly sessionSeconds?: number;
      /** Within this time an admitted person must show up. 1 to 86400, default 60 */
      readonly claimSeconds?: number;
      /** How long a reservation is held for payment. 1 to 86400, default 300 */
      readonly holdSeconds?: number;
      /** Seats a user may have over all dates, held and bought. 1 to 1000, default 4 */
      readonly maxSeatsPerUser?: number;
      /** Seats in one reservation. 1 to 50, default 4 */
      readonly maxSeatsPerReservation?: number;
    };
  },
  ConcertOnSale,
  | "CONCERT_NOT_FOUND"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "OPERATOR_KEY_INVALID"
  | "PAYLOAD_TOO_LARGE"
  | "QUEUE_NOT_OPEN"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
  | "UNSUPPORTED_MEDIA_TYPE"
> = { method: "PATCH", path: "/admin/v1/concerts/{concertId}/policy" };

/** Close the queue for good */
export const closeQueue: Operation<
  {
    /** The concert */
    readonly concertId: string;
  },
  ConcertOnSale,
  | "CONCERT_NOT_FOUND"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "OPERATOR_KEY_INVALID"
  | "PAYLOAD_TOO_LARGE"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
  | "UNSUPPORTED_MEDIA_TYPE"
> = { method: "POST", path: "/admin/v1/concerts/{concertId}/queue/close" };

/** Put a concert on sale */
export const createConcert: Operation<
  {
    readonly body: {
      /** What people read */
      readonly title: string;
      /** Where it is */
      readonly venue?: string;
      /** IANA name, default Asia/Seoul */
      readonly timeZone?: string;
      /** Each date once; every one has the seats 1 to 50 */
      readonly dates: readonly {
        /** In the concert's time zone */
        readonly date: string;
        /** Must lie on the date in the concert's time zone. Default: 19:00 there */
        readonly startsAt?: string;
      }[];
      /** Together they cover seats 1 to 50, none twice */
      readonly grades?: readonly {
        /** Like R or S */
        readonly name: string;
        /** In the minor unit of the installation's currency */
        readonly price: number;
        /** First and last seat number, both included */
        readonly seats: readonly [number, number];
      }[];
      /** In the minor unit of the installation's currency */
      readonly price?: number;
      /** How the sale runs; what is left out has its default, or stays as it is */
      readonly policy?: {
        /** `fifo`: order of arrival; `lottery`: drawn from all who joined the lobby. Fixed once open. Default `fifo` */
        readonly mode?: "fifo" | "lottery";
        /** When the queue opens (lottery: its lobby). Fixed once open. Default: now */
        readonly opensAt?: string;
        readonly admitsAt?: string | null;
        /** At most this many people are ACTIVE at once. 1 to 1000000, default 200 */
        readonly maxActive?: number;
        /** At most this many people are admitted a minute. 1 to 1000000, default 600 */
        readonly admissionsPerMinute?: number;
        /** Nobody is admitted while the ACTIVE people without a hold are this times the seats AVAILABLE or more. 1 to 1000, default 2 */
        readonly shoppersPerSeat?: number;
        /** How long an admitted person has. 1 to 86400, default 600 */
        readonly sessionSeconds?: number;
        /** Within this time an admitted person must show up. 1 to 86400, default 60 */
        readonly claimSeconds?: number;
        /** How long a reservation is held for payment. 1 to 86400, default 300 */
        readonly holdSeconds?: number;
        /** Seats a user may have over all dates, held and bought. 1 to 1000, default 4 */
        readonly maxSeatsPerUser?: number;
        /** Seats in one reservation. 1 to 50, default 4 */
        readonly maxSeatsPerReservation?: number;
      };
    };
  },
  ConcertOnSale,
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "OPERATOR_KEY_INVALID"
  | "PAYLOAD_TOO_LARGE"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
  | "UNSUPPORTED_MEDIA_TYPE"
> = { method: "POST", path: "/admin/v1/concerts" };

/** Who changed what, when, from what to what; newest first */
export const listAudit: Operation<
  {
    /** 1 to 100, default 20 */
    readonly limit?: string;
    /** `nextCursor` of the page before */
    readonly cursor?: string;
    /** Only what concerns this concert */
    readonly concertId?: string;
  },
  AuditList,
  "INTERNAL" | "INVALID_REQUEST" | "OPERATOR_KEY_INVALID" | "RATE_LIMITED" | "UNAVAILABLE"
> = { method: "GET", path: "/admin/v1/audit" };

/** List the concerts with how they are sold, newest first */
export const listConcertsOnSale: Operation<
  {
    /** 1 to 100, default 20 */
    readonly limit?: string;
    /** `nextCursor` of the page before */
    readonly cursor?: string;
  },
  ConcertOnSaleList,
  "INTERNAL" | "INVALID_REQUEST" | "OPERATOR_KEY_INVALID" | "RATE_LIMITED" | "UNAVAILABLE"
> = { method: "GET", path: "/admin/v1/concerts" };

/** Who has which seat of a show */
export const listSeatHolders: Operation<
  {
    /** The concert */
    readonly concertId: string;
    /** Date of the show, in the concert's own time zone */
    readonly date: string;
  },
  SeatHolders,
  | "DATE_NOT_FOUND"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "OPERATOR_KEY_INVALID"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
> = { method: "GET", path: "/admin/v1/concerts/{concertId}/dates/{date}/seats" };

/** Admit nobody for now */
export const pauseQueue: Operation<
  {
    /** The concert */
    readonly concertId: string;
  },
  ConcertOnSale,
  | "CONCERT_NOT_FOUND"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "OPERATOR_KEY_INVALID"
  | "PAYLOAD_TOO_LARGE"
  | "QUEUE_NOT_OPEN"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
  | "UNSUPPORTED_MEDIA_TYPE"
> = { method: "POST", path: "/admin/v1/concerts/{concertId}/queue/pause" };

/** See what a change of the policy does to the wait, without making it */
export const previewPolicy: Operation<
  {
    /** The concert */
    readonly concertId: string;
    readonly body?: {
      /** `fifo`: order of arrival; `lottery`: drawn from all who joined the lobby. Fixed once open. Default `fifo` */
      readonly mode?: "fifo" | "lottery";
      /** When the queue opens (lottery: its lobby). Fixed once open. Default: now */
      readonly opensAt?: string;
      readonly admitsAt?: string | null;
      /** At most this many people are ACTIVE at once. 1 to 1000000, default 200 */
      readonly maxActive?: number;
      /** At most this many people are admitted a minute. 1 to 1000000, default 600 */
      readonly admissionsPerMinute?: number;
      /** Nobody is admitted while the ACTIVE people without a hold are this times the seats AVAILABLE or more. 1 to 1000, default 2 */
      readonly shoppersPerSeat?: number;
      /** How long an admitted person has. 1 to 86400, default 600 */
      readonly sessionSeconds?: number;
      /** Within this time an admitted person must show up. 1 to 86400, default 60 */
      readonly claimSeconds?: number;
      /** How long a reservation is held for payment. 1 to 86400, default 300 */
      readonly holdSeconds?: number;
      /** Seats a user may have over all dates, held and bought. 1 to 1000, default 4 */
      readonly maxSeatsPerUser?: number;
      /** Seats in one reservation. 1 to 50, default 4 */
      readonly maxSeatsPerReservation?: number;
    };
  },
  PolicyPreview,
  | "CONCERT_NOT_FOUND"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "OPERATOR_KEY_INVALID"
  | "PAYLOAD_TOO_LARGE"
  | "QUEUE_NOT_OPEN"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
  | "UNSUPPORTED_MEDIA_TYPE"
> = { method: "POST", path: "/admin/v1/concerts/{concertId}/policy/preview" };

/** Read a concert with how it is sold */
export const readConcertOnSale: Operation<
  {
    /** The concert */
    readonly concertId: string;
  },
  ConcertOnSale,
  | "CONCERT_NOT_FOUND"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "OPERATOR_KEY_INVALID"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
> = { method: "GET", path: "/admin/v1/concerts/{concertId}" };

/** What became of a user's places, and why */
export const readPlaceHistory: Operation<
  {
    /** The concert. */
    readonly concertId: string;
    /** The user. */
    readonly userId: string;
  },
  PlaceHistory,
  | "CONCERT_NOT_FOUND"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "OPERATOR_KEY_INVALID"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
> = { method: "GET", path: "/admin/v1/concerts/{concertId}/places/{userId}" };

/** What is sold by date and grade, over the whole sale */
export const readSales: Operation<
  {
    /** The concert */
    readonly concertId: string;
  },
  Sales,
  | "CONCERT_NOT_FOUND"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "OPERATOR_KEY_INVALID"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
> = { method: "GET", path: "/admin/v1/concerts/{concertId}/sales" };

/** Live figures of a sale */
export const readStats: Operation<
  {
    /** The concert */
    readonly concertId: string;
  },
  Stats,
  | "CONCERT_NOT_FOUND"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "OPERATOR_KEY_INVALID"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
> = { method: "GET", path: "/admin/v1/concerts/{concertId}/stats" };

/** How the queue and the sale went, for charts */
export const readStatsHistory: Operation<
  {
    /** The concert. */
    readonly concertId: string;
    /** 1 to 1440, default 60 */
    readonly minutes?: string;
  },
  StatsHistory,
  | "CONCERT_NOT_FOUND"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "OPERATOR_KEY_INVALID"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
> = { method: "GET", path: "/admin/v1/concerts/{concertId}/stats/history" };

/** Cancel somebody's hold: its seats are free at once */
export const releaseReservation: Operation<
  {
    /** The reservation */
    readonly reservationId: string;
    readonly body: {
      /** Why: kept in the audit trail */
      readonly reason: string;
    };
  },
  Reservation,
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "OPERATOR_KEY_INVALID"
  | "PAYLOAD_TOO_LARGE"
  | "RATE_LIMITED"
  | "RESERVATION_NOT_CANCELLABLE"
  | "RESERVATION_NOT_FOUND"
  | "UNAVAILABLE"
  | "UNSUPPORTED_MEDIA_TYPE"
> = { method: "POST", path: "/admin/v1/reservations/{reservationId}/release" };

/** Admit people again */
export const resumeQueue: Operation<
  {
    /** The concert */
    readonly concertId: string;
    readonly body?: {
      /** The rate grows from zero to its setting over this time; 0 to 3600, default: at once */
      readonly rampSeconds?: number;
    };
  },
  ConcertOnSale,
  | "CONCERT_NOT_FOUND"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "OPERATOR_KEY_INVALID"
  | "PAYLOAD_TOO_LARGE"
  | "QUEUE_NOT_OPEN"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
  | "UNSUPPORTED_MEDIA_TYPE"
> = { method: "POST", path: "/admin/v1/concerts/{concertId}/queue/resume" };
