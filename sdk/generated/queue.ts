// Made by `node scripts/sdk.ts` from the OpenAPI document; a test holds the two together.
import type { Operation } from "../operation.ts";
import type { DrawnPlace, Queue, QueueStatus } from "./schemas.ts";

/** Get a queue token: one's place in the concert's queue */
export const joinQueue: Operation<
  {
    /** The concert. */
    readonly concertId: string;
  },
  QueueStatus,
  | "ACCESS_TOKEN_INVALID"
  | "CONCERT_NOT_FOUND"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "PAYLOAD_TOO_LARGE"
  | "QUEUE_NOT_OPEN"
  | "RATE_LIMITED"
  | "SOLD_OUT"
  | "UNAVAILABLE"
  | "UNSUPPORTED_MEDIA_TYPE"
> = { method: "POST", path: "/api/v1/concerts/{concertId}/queue/tokens" };

/** Give up one's place or slot, and the reservation held under it */
export const leaveQueue: Operation<
  {
    /** The concert. */
    readonly concertId: string;
  },
  undefined,
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "QUEUE_TOKEN_INVALID"
  | "QUEUE_TOKEN_MISMATCH"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
> = { method: "DELETE", path: "/api/v1/concerts/{concertId}/queue/tokens/me" };

/** The sorted draw values of a lottery */
export const listDraw: Operation<
  {
    /** The concert. */
    readonly concertId: string;
    /** 1 to 100, default 20 */
    readonly limit?: string;
    /** `nextCursor` of the page before */
    readonly cursor?: string;
  },
  {
    /** This page */
    readonly items: readonly DrawnPlace[];
    /** Send it as `cursor` for the next page; null: this was the last one */
    readonly nextCursor: string | null;
  },
  | "CONCERT_NOT_FOUND"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "NOT_FOUND"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
> = { method: "GET", path: "/api/v1/concerts/{concertId}/queue/draw" };

/** The queue of a concert, the same for everybody */
export const readQueue: Operation<
  {
    /** The concert. */
    readonly concertId: string;
  },
  Queue,
  "CONCERT_NOT_FOUND" | "INTERNAL" | "INVALID_REQUEST" | "RATE_LIMITED" | "UNAVAILABLE"
> = { method: "GET", path: "/api/v1/concerts/{concertId}/queue" };

/** Where one's place stands: the polling API */
export const readQueueStatus: Operation<
  {
    /** The concert. */
    readonly concertId: string;
  },
  QueueStatus,
  | "CONCERT_NOT_FOUND"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "QUEUE_TOKEN_INVALID"
  | "QUEUE_TOKEN_MISMATCH"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
> = { method: "GET", path: "/api/v1/concerts/{concertId}/queue/tokens/me" };
