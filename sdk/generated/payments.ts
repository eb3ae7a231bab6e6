// Made by `node scripts/sdk.ts` from the OpenAPI document; a test holds the two together.
import type { Operation } from "../operation.ts";
import type { Payment, PaymentPage } from "./schemas.ts";

/** List one's payments, newest first */
export const listPayments: Operation<
  {
    /** The caller himself */
    readonly userId: string;
    /** 1 to 100, default 20 */
    readonly limit?: string;
    /** `nextCursor` of the page before */
    readonly cursor?: string;
  },
  PaymentPage,
  | "ACCESS_TOKEN_INVALID"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "NOT_FOUND"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
> = { method: "GET", path: "/api/v1/users/{userId}/payments" };

/** Pay one's reservation from one's balance */
export const payReservation: Operation<
  {
    readonly body: {
      /** The caller's own reservation */
      readonly reservationId: string;
    };
  },
  Payment,
  | "IDEMPOTENCY_IN_PROGRESS"
  | "IDEMPOTENCY_KEY_REUSED"
  | "INSUFFICIENT_BALANCE"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "PAYLOAD_TOO_LARGE"
  | "QUEUE_TOKEN_INVALID"
  | "QUEUE_TOKEN_MISMATCH"
  | "RATE_LIMITED"
  | "RESERVATION_EXPIRED"
  | "RESERVATION_NOT_FOUND"
  | "RESERVATION_NOT_PAYABLE"
  | "UNAVAILABLE"
  | "UNSUPPORTED_MEDIA_TYPE"
> = { method: "POST", path: "/api/v1/payments", key: "optional" };

/** Read one's payment and its tickets */
export const readPayment: Operation<
  {
    /** The payment */
    readonly paymentId: string;
  },
  Payment,
  | "ACCESS_TOKEN_INVALID"
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "PAYMENT_NOT_FOUND"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
> = { method: "GET", path: "/api/v1/payments/{paymentId}" };
