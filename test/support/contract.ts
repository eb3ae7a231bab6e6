/**
 * The HTTP contract as data, copied by hand from its text and never from the server: what these
 * tests hold the server and its published document to.
 */

export type ContractRole = "admin" | "sales" | "door" | "viewer";

export type ContractAuth = "none" | "access" | "queue" | "active" | "either" | "operator";

export interface ContractRoute {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly auth: ContractAuth;
  readonly success: readonly number[];
  /** The roles of operators that may call it; null for other routes. */
  readonly roles: readonly ContractRole[] | null;
  readonly key?: "required" | "optional";
  /** Members of a success's body that a client may rely on. */
  readonly members?: readonly string[];
}

export const members = {
  user: ["userId", "accessToken", "expiresAt", "refreshToken", "recoveryCode"],
  me: ["userId", "name", "createdAt"],
  balance: ["userId", "balance", "currency"],
  charge: ["chargeId", "userId", "amount", "balance", "currency", "chargedAt"],
  entry: ["entryId", "type", "amount", "balance", "referenceId", "createdAt"],
  page: ["items", "nextCursor"],
  concert: [
    "concertId",
    "title",
    "venue",
    "timeZone",
    "dates",
    "priceRange",
    "currency",
    "queue",
    "maxSeatsPerUser",
    "grades",
    "description",
    "posterUrl",
    "ageRating",
    "publishedAt",
  ],
  queue: [
    "concertId",
    "state",
    "mode",
    "opensAt",
    "admitsAt",
    "waiting",
    "active",
    "nowServing",
    "lastIssued",
    "seatsAvailable",
    "seatsHeld",
    "seatsTotal",
    "admissionsPerMinute",
    "waitingList",
    "waitlisted",
    "draw",
  ],
  status: [
    "token",
    "userId",
    "concertId",
    "status",
    "queueState",
    "position",
    "ahead",
    "estimatedWaitSeconds",
    "estimatedWaitRange",
    "seatsLikely",
    "pollAfterMs",
    "expiresAt",
    "endedReason",
    "serverTime",
  ],
  date: ["date", "startsAt", "seatsAvailable", "seatsTotal"],
  seats: ["date", "seatsAvailable", "items"],
  seat: ["seatNumber", "section", "row", "name", "grade", "price", "status"],
  reservation: [
    "reservationId",
    "userId",
    "concertId",
    "date",
    "seatNumbers",
    "seats",
    "together",
    "amount",
    "currency",
    "status",
    "heldAt",
    "expiresAt",
    "serverTime",
  ],
  payment: [
    "paymentId",
    "reservationId",
    "userId",
    "amount",
    "currency",
    "balance",
    "paidAt",
    "tickets",
  ],
  ticket: ["ticketId", "concertId", "date", "seatNumber", "section", "row", "name", "grade"],
  refund: [
    "refundId",
    "paymentId",
    "ticketIds",
    "amount",
    "fee",
    "balance",
    "currency",
    "refundedAt",
  ],
  heldTicket: [
    "ticketId",
    "concertId",
    "title",
    "venue",
    "date",
    "startsAt",
    "section",
    "row",
    "name",
    "seatNumber",
    "grade",
    "price",
    "holder",
    "status",
    "code",
    "paymentId",
  ],
  transfer: ["transferId", "claim", "expiresAt"],
  product: [
    "productId",
    "concertId",
    "name",
    "description",
    "price",
    "currency",
    "stock",
    "perUser",
    "requiresTurn",
  ],
  order: [
    "orderId",
    "userId",
    "items",
    "amount",
    "currency",
    "status",
    "heldAt",
    "expiresAt",
    "serverTime",
  ],
  orderPayment: ["paymentId", "orderId", "amount", "currency", "balance", "paidAt"],
  problem: ["type", "title", "status", "detail", "instance", "code"],
} as const;

const api = (
  method: ContractRoute["method"],
  path: string,
  auth: ContractAuth,
  success: readonly number[],
  more: Pick<ContractRoute, "key" | "members"> = {},
): ContractRoute => ({ method, path: `/api/v1${path}`, auth, success, roles: null, ...more });

const readers: readonly ContractRole[] = ["admin", "sales", "viewer"];
const sellers: readonly ContractRole[] = ["admin", "sales"];
const doorkeepers: readonly ContractRole[] = ["admin", "sales", "door"];
const everyRole: readonly ContractRole[] = ["admin", "sales", "door", "viewer"];

const admin = (
  method: ContractRoute["method"],
  path: string,
  success: number,
  roles = method === "GET" ? readers : sellers,
): ContractRoute => ({
  method,
  path: `/admin/v1${path}`,
  auth: "operator",
  success: [success],
  roles,
});

const queue = "/concerts/{concertId}/queue";

export const contractRoutes: readonly ContractRoute[] = [
  api("POST", "/users", "none", [201], { members: members.user }),
  api("GET", "/challenge", "none", [200], { members: ["kind", "expiresAt", "proof"] }),
  api("POST", "/users/tokens", "none", [201], { members: members.user }),
  api("GET", "/users/me", "access", [200], { members: members.me }),
  api("DELETE", "/users/me", "access", [204]),
  api("DELETE", "/users/me/tokens", "access", [204]),
  api("POST", "/users/me/handover", "access", [201], { members: ["code", "expiresAt"] }),
  admin("POST", "/users/{userId}/recovery", 201, ["admin"]),
  {
    ...admin("POST", "/users/{userId}/charges", 201, ["admin"]),
    key: "required",
    members: members.charge,
  },
  api("GET", "/users/{userId}/balance", "access", [200], { members: members.balance }),
  api("POST", "/users/{userId}/balance/charges", "access", [201], {
    key: "required",
    members: members.charge,
  }),
  api("GET", "/users/{userId}/balance/entries", "access", [200], { members: members.page }),
  api("GET", "/concerts", "none", [200], { members: members.page }),
  api("GET", "/concerts/{concertId}", "none", [200], { members: members.concert }),
  api("GET", "/concerts/{concertId}/seating-plan", "none", [200], {
    members: ["planId", "seatsTotal", "focus", "grades", "sections"],
  }),
  api("GET", queue, "none", [200], { members: members.queue }),
  api("POST", `${queue}/tokens`, "access", [200, 201], { members: members.status }),
  api("GET", `${queue}/tokens/me`, "queue", [200], { members: members.status }),
  api("GET", `${queue}/tokens/me/events`, "queue", [200]),
  api("DELETE", `${queue}/tokens/me`, "queue", [204]),
  api("GET", "/concerts/{concertId}/dates", "active", [200], { members: ["items"] }),
  api("GET", "/concerts/{concertId}/dates/{date}/seats", "active", [200], {
    members: members.seats,
  }),
  api("GET", "/concerts/{concertId}/dates/{date}/seat-map", "active", [200], {
    members: ["date", "version", "seatsAvailable", "sections"],
  }),
  api("POST", "/reservations", "active", [201], {
    key: "optional",
    members: members.reservation,
  }),
  api("GET", "/reservations/{reservationId}", "either", [200], { members: members.reservation }),
  api("DELETE", "/reservations/{reservationId}", "either", [204]),
  api("GET", "/users/{userId}/reservations", "access", [200], { members: members.page }),
  api("POST", "/payments", "queue", [200, 201], { key: "optional", members: members.payment }),
  api("GET", "/payments/{paymentId}", "access", [200], { members: members.payment }),
  api("GET", "/users/{userId}/payments", "access", [200], { members: members.page }),
  api("POST", "/payments/{paymentId}/refunds", "access", [201], {
    key: "required",
    members: members.refund,
  }),
  api("GET", "/payments/{paymentId}/refunds", "access", [200], { members: members.page }),
  api("GET", "/users/{userId}/tickets", "access", [200], { members: members.page }),
  api("GET", "/tickets/{ticketId}", "access", [200], { members: members.heldTicket }),
  api("POST", "/tickets/{ticketId}/transfers", "access", [201], { members: members.transfer }),
  api("POST", "/transfers/claim", "access", [200], { members: members.heldTicket }),
  api("DELETE", "/transfers/{transferId}", "access", [204]),
  {
    method: "GET",
    path: "/.well-known/ticket-keys.json",
    auth: "none",
    roles: null,
    success: [200],
    members: ["keys"],
  },
  api("GET", "/products", "none", [200], { members: members.page }),
  api("GET", "/products/{productId}", "none", [200], { members: members.product }),
  api("GET", "/products/top", "none", [200], { members: members.page }),
  api("POST", "/orders", "either", [201], { key: "optional", members: members.order }),
  api("GET", "/orders/{orderId}", "access", [200], { members: members.order }),
  api("DELETE", "/orders/{orderId}", "access", [204]),
  api("GET", "/users/{userId}/orders", "access", [200], { members: members.page }),
  api("POST", "/orders/{orderId}/payment", "access", [200, 201], {
    key: "required",
    members: members.orderPayment,
  }),
  { ...admin("POST", "/products", 201), members: members.product },
  { ...admin("PATCH", "/products/{productId}", 200), members: members.product },
  { ...admin("POST", "/orders/{orderId}/refund", 200, ["admin"]), members: members.order },
  api("GET", `${queue}/draw`, "none", [200], { members: members.page }),
  admin("POST", "/concerts", 201),
  admin("PATCH", "/concerts/{concertId}", 200),
  admin("POST", "/concerts/{concertId}/cancel", 200, ["admin"]),
  admin("POST", "/concerts/{concertId}/dates", 201),
  admin("PATCH", "/concerts/{concertId}/dates/{date}", 200),
  admin("POST", "/concerts/{concertId}/dates/{date}/seats/block", 200),
  admin("POST", "/concerts/{concertId}/dates/{date}/seats/unblock", 200),
  { ...admin("POST", "/concerts/{concertId}/refunds", 201, ["admin"]), key: "required" },
  admin("POST", "/check-ins", 200, doorkeepers),
  admin("GET", "/concerts/{concertId}/dates/{date}/check-in-list", 200, doorkeepers),
  admin("PATCH", "/concerts/{concertId}/policy", 200),
  admin("POST", `${queue}/pause`, 200),
  admin("POST", `${queue}/resume`, 200),
  admin("POST", `${queue}/close`, 200),
  admin("GET", "/concerts/{concertId}/stats", 200),
  admin("GET", "/concerts/{concertId}/places/{userId}", 200),
  ...["tickets", "payments", "ledger", "queue"].map((book) =>
    admin("GET", `/concerts/{concertId}/exports/${book}`, 200, sellers),
  ),
  admin("GET", "/concerts", 200),
  admin("GET", "/users", 200),
  admin("GET", "/users/{userId}", 200),
  admin("GET", "/audit", 200),
];

/** Promised by the contract and not built yet. A route leaves this list when it arrives. */
export const notThereYet: readonly string[] = [];

/** Served beside the contract's routes, and tested with every token like them. */
export const alsoServed: readonly ContractRoute[] = [
  api("GET", `${queue}/draw/file`, "none", [200]),
  api("GET", "/payments/{paymentId}/refund-offer", "access", [200]),
  admin("GET", "/concerts/{concertId}/stats/history", 200),
  admin("GET", "/concerts/{concertId}/sales", 200),
  admin("POST", "/concerts/{concertId}/policy/preview", 200, readers),
  admin("GET", "/products", 200),
  admin("GET", "/orders", 200),
  admin("GET", "/concerts/{concertId}", 200),
  admin("GET", "/concerts/{concertId}/dates/{date}/seats", 200),
  admin("GET", "/concerts/{concertId}/dates/{date}/seat-map", 200),
  admin("POST", "/reservations/{reservationId}/release", 200),
  admin("GET", "/tickets/{ticketId}", 200),
  admin("GET", "/operators/me", 200, everyRole),
  admin("POST", "/session", 204, readers),
  admin("DELETE", "/session", 204, everyRole),
];

export const contractCodes: Readonly<Record<number, readonly string[]>> = {
  400: ["INVALID_REQUEST", "IDEMPOTENCY_KEY_REQUIRED"],
  401: [
    "ACCESS_TOKEN_INVALID",
    "QUEUE_TOKEN_INVALID",
    "QUEUE_TOKEN_ENDED",
    "OPERATOR_KEY_INVALID",
    "CREDENTIAL_INVALID",
  ],
  402: ["INSUFFICIENT_BALANCE"],
  403: [
    "FORBIDDEN",
    "QUEUE_NOT_ACTIVE",
    "QUEUE_TOKEN_MISMATCH",
    "CHARGES_DISABLED",
    "CHALLENGE_REQUIRED",
  ],
  404: [
    "NOT_FOUND",
    "CONCERT_NOT_FOUND",
    "DATE_NOT_FOUND",
    "RESERVATION_NOT_FOUND",
    "PAYMENT_NOT_FOUND",
    "TICKET_NOT_FOUND",
    "TRANSFER_NOT_FOUND",
    "PRODUCT_NOT_FOUND",
    "ORDER_NOT_FOUND",
  ],
  405: ["METHOD_NOT_ALLOWED"],
  409: [
    "SEAT_UNAVAILABLE",
    "SINGLE_SEAT_LEFT",
    "RESERVATION_ALREADY_HELD",
    "SEAT_LIMIT_EXCEEDED",
    "RESERVATION_NOT_PAYABLE",
    "RESERVATION_NOT_CANCELLABLE",
    "OUT_OF_STOCK",
    "PRODUCT_LIMIT_EXCEEDED",
    "ORDER_NOT_PAYABLE",
    "ORDER_NOT_CANCELLABLE",
    "ORDER_NOT_REFUNDABLE",
    "BALANCE_LIMIT_EXCEEDED",
    "IDEMPOTENCY_IN_PROGRESS",
    "QUEUE_NOT_OPEN",
    "SOLD_OUT",
    "SALE_ENDED",
    "ACCOUNT_NOT_EMPTY",
    "VERSION_CONFLICT",
    "NOT_TRANSFERABLE",
    "TRANSFER_CLAIMED",
    "NOT_REFUNDABLE",
    "CONCERT_CANCELLED",
  ],
  410: ["RESERVATION_EXPIRED", "ORDER_EXPIRED"],
  413: ["PAYLOAD_TOO_LARGE"],
  415: ["UNSUPPORTED_MEDIA_TYPE"],
  422: ["IDEMPOTENCY_KEY_REUSED"],
  429: ["RATE_LIMITED", "HOLD_LIMIT"],
  503: ["UNAVAILABLE"],
};

export const codeStatus: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(contractCodes).flatMap(([status, codes]) =>
    codes.map((code) => [code, Number(status)] as const),
  ),
);

/** The segments of a path template as a pattern for a concrete path. */
export const pathPattern = (template: string): RegExp =>
  new RegExp(`^${template.replace(/\{[^}]+\}/g, "[^/]+")}$`);
