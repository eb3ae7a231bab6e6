// Made by `node scripts/sdk.ts` from the OpenAPI document; a test holds the two together.
import type { Operation } from "../operation.ts";
import type { Reservation, ReservationPage } from "./schemas.ts";

/** Give up one's reservation: the seats are free at once */
export const cancelReservation: Operation<
  {
    /** The reservation */
    readonly reservationId: string;
  },
  undefined,
  | "ACCESS_TOKEN_INVALID"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "QUEUE_TOKEN_MISMATCH"
  | "RATE_LIMITED"
  | "RESERVATION_NOT_CANCELLABLE"
  | "RESERVATION_NOT_FOUND"
  | "UNAVAILABLE"
> = { method: "DELETE", path: "/api/v1/reservations/{reservationId}" };

/** List one's reservations of all concerts, newest first */
export const listReservations: Operation<
  {
    /** The caller himself */
    readonly userId: string;
    /** 1 to 100, default 20 */
    readonly limit?: string;
    /** `nextCursor` of the page before */
    readonly cursor?: string;
  },
  ReservationPage,
  | "ACCESS_TOKEN_INVALID"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "NOT_FOUND"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
> = { method: "GET", path: "/api/v1/users/{userId}/reservations" };

/** Read one's reservation as it stands now */
export const readReservation: Operation<
  {
    /** The reservation */
    readonly reservationId: string;
  },
  Reservation,
  | "ACCESS_TOKEN_INVALID"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "QUEUE_TOKEN_MISMATCH"
  | "RATE_LIMITED"
  | "RESERVATION_NOT_FOUND"
  | "UNAVAILABLE"
> = { method: "GET", path: "/api/v1/reservations/{reservationId}" };

/** Hold seats of a show: all of them, or none */
export const reserveSeats: Operation<
  {
    readonly body: {
      /** Date of the show, in the concert's own time zone */
      readonly date: string;
      /** The seats, none twice */
      readonly seatNumbers: readonly number[];
    };
  },
  Reservation,
  | "DATE_NOT_FOUND"
  | "IDEMPOTENCY_IN_PROGRESS"
  | "IDEMPOTENCY_KEY_REUSED"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "PAYLOAD_TOO_LARGE"
  | "QUEUE_NOT_ACTIVE"
  | "QUEUE_TOKEN_ENDED"
  | "QUEUE_TOKEN_INVALID"
  | "RATE_LIMITED"
  | "RESERVATION_ALREADY_HELD"
  | "SEAT_LIMIT_EXCEEDED"
  | "SEAT_UNAVAILABLE"
  | "UNAVAILABLE"
  | "UNSUPPORTED_MEDIA_TYPE"
> = { method: "POST", path: "/api/v1/reservations", key: "optional" };
