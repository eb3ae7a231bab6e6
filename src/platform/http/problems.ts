/** Every stable error code of the API, with its status and title. A retired code is never reused. */
export const problems = {
  INVALID_REQUEST: { status: 400, title: "The request is malformed" },
  IDEMPOTENCY_KEY_REQUIRED: { status: 400, title: "This request needs an Idempotency-Key" },
  ACCESS_TOKEN_INVALID: { status: 401, title: "A valid access token is needed" },
  QUEUE_TOKEN_INVALID: { status: 401, title: "A valid queue token is needed" },
  QUEUE_TOKEN_ENDED: { status: 401, title: "The place of this queue token has ended" },
  CREDENTIAL_INVALID: { status: 401, title: "The credential is unknown, used or expired" },
  OPERATOR_KEY_INVALID: { status: 401, title: "A valid operator key is needed" },
  INSUFFICIENT_BALANCE: { status: 402, title: "The balance does not cover the amount" },
  FORBIDDEN: { status: 403, title: "The role of this operator key does not allow this" },
  QUEUE_NOT_ACTIVE: { status: 403, title: "The place of this queue token is not ACTIVE yet" },
  CHALLENGE_REQUIRED: { status: 403, title: "This request needs an answered challenge" },
  CHARGES_DISABLED: { status: 403, title: "Users cannot add to their own balance here" },
  QUEUE_TOKEN_MISMATCH: { status: 403, title: "The queue token is for another concert" },
  NOT_FOUND: { status: 404, title: "There is no such resource" },
  CONCERT_NOT_FOUND: { status: 404, title: "There is no such concert" },
  DATE_NOT_FOUND: { status: 404, title: "The concert has no such date" },
  RESERVATION_NOT_FOUND: { status: 404, title: "There is no such reservation" },
  PAYMENT_NOT_FOUND: { status: 404, title: "There is no such payment" },
  PRODUCT_NOT_FOUND: { status: 404, title: "There is no such product" },
  ORDER_NOT_FOUND: { status: 404, title: "There is no such order" },
  TICKET_NOT_FOUND: { status: 404, title: "There is no such ticket" },
  TRANSFER_NOT_FOUND: { status: 404, title: "There is no such transfer, or it is over" },
  METHOD_NOT_ALLOWED: { status: 405, title: "The method is not allowed here" },
  SEAT_UNAVAILABLE: { status: 409, title: "A seat is taken" },
  SINGLE_SEAT_LEFT: { status: 409, title: "The choice would leave a single seat" },
  RESERVATION_ALREADY_HELD: { status: 409, title: "The user already holds a reservation" },
  SEAT_LIMIT_EXCEEDED: { status: 409, title: "The user may not have that many seats" },
  RESERVATION_NOT_PAYABLE: { status: 409, title: "The reservation can no longer be paid" },
  RESERVATION_NOT_CANCELLABLE: { status: 409, title: "The reservation can no longer be cancelled" },
  NOT_TRANSFERABLE: { status: 409, title: "The ticket cannot be passed on" },
  TRANSFER_CLAIMED: { status: 409, title: "The ticket of the transfer was claimed" },
  NOT_REFUNDABLE: { status: 409, title: "A ticket cannot be refunded" },
  OUT_OF_STOCK: { status: 409, title: "Too few pieces of a product are left" },
  PRODUCT_LIMIT_EXCEEDED: { status: 409, title: "The user may not have that many pieces" },
  ORDER_NOT_PAYABLE: { status: 409, title: "The order can no longer be paid" },
  ORDER_NOT_CANCELLABLE: { status: 409, title: "The order can no longer be cancelled" },
  ORDER_NOT_REFUNDABLE: { status: 409, title: "Nothing was paid for the order" },
  BALANCE_LIMIT_EXCEEDED: { status: 409, title: "The balance would exceed its limit" },
  IDEMPOTENCY_IN_PROGRESS: { status: 409, title: "A request with this key is still running" },
  QUEUE_NOT_OPEN: { status: 409, title: "The queue cannot be joined now" },
  CONCERT_CANCELLED: { status: 409, title: "The concert does not take place" },
  VERSION_CONFLICT: { status: 409, title: "The concert has changed since" },
  ACCOUNT_NOT_EMPTY: { status: 409, title: "The account still has money or tickets" },
  SOLD_OUT: { status: 409, title: "Every seat is sold" },
  SALE_ENDED: { status: 409, title: "Every date of the concert has begun" },
  RESERVATION_EXPIRED: { status: 410, title: "The reservation has expired" },
  ORDER_EXPIRED: { status: 410, title: "The order has expired" },
  PAYLOAD_TOO_LARGE: { status: 413, title: "The body is too large" },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: "The body must be JSON" },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: "The key was used for another request" },
  HOLD_LIMIT: { status: 429, title: "Too many holds of the user were not paid" },
  RATE_LIMITED: { status: 429, title: "Too many requests" },
  INTERNAL: { status: 500, title: "The server failed" },
  UNAVAILABLE: { status: 503, title: "The server cannot do this right now" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** Example details and members of the codes that have more than a title. The document shows them. */
export const exampleProblems: Partial<
  Record<ProblemCode, { readonly detail?: string; readonly members?: Record<string, unknown> }>
> = {
  INSUFFICIENT_BALANCE: { members: { balance: 50_000, amount: 99_000 } },
  SEAT_UNAVAILABLE: { members: { seatNumbers: [12] } },
  SINGLE_SEAT_LEFT: { members: { seatNumbers: [11] } },
  SEAT_LIMIT_EXCEEDED: {
    detail: "A user may have at most 4 seats of a concert; you have 3.",
  },
  RESERVATION_ALREADY_HELD: {
    members: { reservationId: "0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b17" },
  },
  HOLD_LIMIT: {
    detail: "Too many of your holds were not paid. You can hold seats again in 60 s.",
  },
  RESERVATION_NOT_PAYABLE: { detail: "The reservation was cancelled." },
  RESERVATION_NOT_CANCELLABLE: { detail: "The reservation is paid." },
  NOT_TRANSFERABLE: {
    detail: "The ticket was used at a door.",
    members: { reason: "used" },
  },
  NOT_REFUNDABLE: {
    detail: "It is too late for a refund before the show.",
    members: { reason: "time", ticketIds: ["0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b17"] },
  },
  RESERVATION_EXPIRED: { detail: "The hold has expired; nothing was debited." },
  OUT_OF_STOCK: {
    members: {
      items: [{ productId: "0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b17", quantity: 2, available: 1 }],
    },
  },
  PRODUCT_LIMIT_EXCEEDED: {
    detail: "A user may have at most 2 of this product; you have 1.",
    members: { productId: "0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b17" },
  },
  ORDER_NOT_PAYABLE: { detail: "The order was cancelled." },
  ORDER_NOT_CANCELLABLE: { detail: "The order is paid." },
  ORDER_EXPIRED: { detail: "The hold has expired; nothing was debited." },
  BALANCE_LIMIT_EXCEEDED: { detail: "The balance would exceed 9,007,199,254,740,991." },
  UNAVAILABLE: {
    detail:
      "A store is unreachable or too slow. Retry, with the same Idempotency-Key if the request had one.",
  },
};
