// Made by `node scripts/sdk.ts` from the OpenAPI document; a test holds the two together.
import type { Operation } from "../operation.ts";
import type { Balance, Charge, LedgerEntryPage } from "./schemas.ts";

/** Add money to one's balance */
export const chargeBalance: Operation<
  {
    /** The caller himself */
    readonly userId: string;
    readonly body: {
      /** What to add, in the minor unit of the currency */
      readonly amount: number;
    };
  },
  Charge,
  | "ACCESS_TOKEN_INVALID"
  | "BALANCE_LIMIT_EXCEEDED"
  | "IDEMPOTENCY_IN_PROGRESS"
  | "IDEMPOTENCY_KEY_REQUIRED"
  | "IDEMPOTENCY_KEY_REUSED"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "NOT_FOUND"
  | "PAYLOAD_TOO_LARGE"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
  | "UNSUPPORTED_MEDIA_TYPE"
> = { method: "POST", path: "/api/v1/users/{userId}/balance/charges", key: "required" };

/** List what moved one's balance, newest first */
export const listBalanceEntries: Operation<
  {
    /** The caller himself */
    readonly userId: string;
    /** 1 to 100, default 20 */
    readonly limit?: string;
    /** `nextCursor` of the page before */
    readonly cursor?: string;
  },
  LedgerEntryPage,
  | "ACCESS_TOKEN_INVALID"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "NOT_FOUND"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
> = { method: "GET", path: "/api/v1/users/{userId}/balance/entries" };

/** Read one's balance */
export const readBalance: Operation<
  {
    /** The caller himself */
    readonly userId: string;
  },
  Balance,
  | "ACCESS_TOKEN_INVALID"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "NOT_FOUND"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
> = { method: "GET", path: "/api/v1/users/{userId}/balance" };
