// Made by `node scripts/sdk.ts` from the OpenAPI document; a test holds the two together.
import type { Operation } from "../operation.ts";
import type { BookableDates, Seats } from "./schemas.ts";

/** List the dates that can still be booked */
export const listDates: Operation<
  {
    /** The concert of the queue token */
    readonly concertId: string;
  },
  BookableDates,
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "QUEUE_NOT_ACTIVE"
  | "QUEUE_TOKEN_ENDED"
  | "QUEUE_TOKEN_INVALID"
  | "QUEUE_TOKEN_MISMATCH"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
> = { method: "GET", path: "/api/v1/concerts/{concertId}/dates" };

/** List the seats of a show */
export const listSeats: Operation<
  {
    /** The concert of the queue token */
    readonly concertId: string;
    /** Date of the show, in the concert's own time zone */
    readonly date: string;
    /** Only seats in this status; all when left out */
    readonly status?: "AVAILABLE" | "HELD" | "SOLD";
  },
  Seats,
  | "DATE_NOT_FOUND"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "QUEUE_NOT_ACTIVE"
  | "QUEUE_TOKEN_ENDED"
  | "QUEUE_TOKEN_INVALID"
  | "QUEUE_TOKEN_MISMATCH"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
> = { method: "GET", path: "/api/v1/concerts/{concertId}/dates/{date}/seats" };
