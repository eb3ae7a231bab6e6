// Made by `node scripts/sdk.ts` from the OpenAPI document; a test holds the two together.
import type { Operation } from "../operation.ts";
import type { Concert, ConcertList } from "./schemas.ts";

/** Read a concert: its dates, price range and the schedule of its queue */
export const getConcert: Operation<
  {
    /** The concert */
    readonly concertId: string;
  },
  Concert,
  "CONCERT_NOT_FOUND" | "INTERNAL" | "INVALID_REQUEST" | "RATE_LIMITED" | "UNAVAILABLE"
> = { method: "GET", path: "/api/v1/concerts/{concertId}" };

/** List the concerts, newest first */
export const listConcerts: Operation<
  {
    /** 1 to 100, default 20 */
    readonly limit?: string;
    /** `nextCursor` of the page before */
    readonly cursor?: string;
  },
  ConcertList,
  "INTERNAL" | "INVALID_REQUEST" | "RATE_LIMITED" | "UNAVAILABLE"
> = { method: "GET", path: "/api/v1/concerts" };
