/**
 * The HTTP contract as data, copied by hand from its text and never from the server: what these
 * tests hold the server and its published document to.
 */

export type ContractAuth = "none" | "access" | "queue" | "active" | "either" | "operator";

export interface ContractRoute {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly auth: ContractAuth;
  readonly success: readonly number[];
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
    "pollAfterMs",
    "expiresAt",
    "endedReason",
    "serverTime",
  ],
  date: ["date", "startsAt", "seatsAvailable", "seatsTotal"],
  seats: ["date", "seatsAvailable", "items"],
  seat: ["seatNumber", "grade", "price", "status"],
  reservation: [
    "reservationId",
    "userId",
    "concertId",
    "date",
    "seatNumbers",
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
  ticket: ["ticketId", "concertId", "date", "seatNumber"],
  problem: ["type", "title", "status", "detail", "instance", "code"],
} as const;

const api = (
  method: ContractRoute["method"],
  path: string,
  auth: ContractAuth,
  success: readonly number[],
  more: Pick<ContractRoute, "key" | "members"> = {},
): ContractRoute => ({ method, path: `/api/v1${path}`, auth, success, ...more });

const admin = (method: ContractRoute["method"], path: string, success: number): ContractRoute => ({
  method,
  path: `/admin/v1${path}`,
  auth: "operator",
  success: [success],
});

const queue = "/concerts/{concertId}/queue";

export const contractRoutes: readonly ContractRoute[] = [
  api("POST", "/users", "none", [201], { members: members.user }),
  api("POST", "/users/tokens", "none", [201], { members: members.user }),
  api("GET", "/users/me", "access", [200], { members: members.me }),
  api("DELETE", "/users/me", "access", [204]),
  api("DELETE", "/users/me/tokens", "access", [204]),
  api("POST", "/users/me/handover", "access", [201], { members: ["code", "expiresAt"] }),
  admin("POST", "/users/{userId}/recovery", 201),
  { ...admin("POST", "/users/{userId}/charges", 201), key: "required", members: members.charge },
  api("GET", "/users/{userId}/balance", "access", [200], { members: members.balance }),
  api("POST", "/users/{userId}/balance/charges", "access", [201], {
    key: "required",
    members: members.charge,
  }),
  api("GET", "/users/{userId}/balance/entries", "access", [200], { members: members.page }),
  api("GET", "/concerts", "none", [200], { members: members.page }),
  api("GET", "/concerts/{concertId}", "none", [200], { members: members.concert }),
  api("GET", queue, "none", [200], { members: members.queue }),
  api("POST", `${queue}/tokens`, "access", [200, 201], { members: members.status }),
  api("GET", `${queue}/tokens/me`, "queue", [200], { members: members.status }),
  api("GET", `${queue}/tokens/me/events`, "queue", [200]),
  api("DELETE", `${queue}/tokens/me`, "queue", [204]),
  api("GET", "/concerts/{concertId}/dates", "active", [200], { members: ["items"] }),
  api("GET", "/concerts/{concertId}/dates/{date}/seats", "active", [200], {
    members: members.seats,
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
  api("GET", `${queue}/draw`, "none", [200], { members: members.page }),
  admin("POST", "/concerts", 201),
  admin("PATCH", "/concerts/{concertId}/policy", 200),
  admin("POST", `${queue}/pause`, 200),
  admin("POST", `${queue}/resume`, 200),
  admin("POST", `${queue}/close`, 200),
  admin("GET", "/concerts/{concertId}/stats", 200),
  admin("GET", "/concerts/{concertId}/places/{userId}", 200),
  admin("GET", "/audit", 200),
];

/** Promised by the contract and not built yet. A route leaves this list when it arrives. */
export const notThereYet: readonly string[] = [];

/** Served beside the contract's routes, and tested with every token like them. */
export const alsoServed: readonly ContractRoute[] = [
  api("GET", `${queue}/draw/file`, "none", [200]),
  admin("GET", "/concerts/{concertId}/stats/history", 200),
  admin("GET", "/concerts/{concertId}/sales", 200),
  admin("POST", "/concerts/{concertId}/policy/preview", 200),
  admin("GET", "/concerts", 200),
  admin("GET", "/concerts/{concertId}", 200),
  admin("GET", "/concerts/{concertId}/dates/{date}/seats", 200),
  admin("POST", "/reservations/{reservationId}/release", 200),
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
  403: ["QUEUE_NOT_ACTIVE", "QUEUE_TOKEN_MISMATCH", "CHARGES_DISABLED"],
  404: [
    "NOT_FOUND",
    "CONCERT_NOT_FOUND",
    "DATE_NOT_FOUND",
    "RESERVATION_NOT_FOUND",
    "PAYMENT_NOT_FOUND",
  ],
  405: ["METHOD_NOT_ALLOWED"],
  409: [
    "SEAT_UNAVAILABLE",
    "RESERVATION_ALREADY_HELD",
    "SEAT_LIMIT_EXCEEDED",
    "RESERVATION_NOT_PAYABLE",
    "RESERVATION_NOT_CANCELLABLE",
    "BALANCE_LIMIT_EXCEEDED",
    "IDEMPOTENCY_IN_PROGRESS",
    "QUEUE_NOT_OPEN",
    "SOLD_OUT",
    "SALE_ENDED",
    "ACCOUNT_NOT_EMPTY",
  ],
  410: ["RESERVATION_EXPIRED"],
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
