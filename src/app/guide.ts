import type { DocumentOptions, DocumentTag } from "#platform/http/openapi.ts";
import about from "../../package.json" with { type: "json" };

const description = `
A server for the minute a popular concert goes on sale: a fair queue, seats that cannot be sold twice, a prepaid balance and one payment for the whole reservation.

### From a user to a ticket

1. **Create a user.** \`POST /api/v1/users\` returns a \`userId\` and an \`accessToken\`. (A real sale has its own identity provider.)
2. **Charge the balance.** \`POST /api/v1/users/{userId}/balance/charges\` needs an \`Idempotency-Key\`.
3. **Choose a concert.** \`GET /api/v1/concerts\` lists them.
4. **Join its queue.** \`POST /api/v1/concerts/{concertId}/queue/tokens\` returns your place with its \`token\`, the queue token.
5. **Wait for your turn.** Poll \`GET …/queue/tokens/me\` every \`pollAfterMs\` until \`status\` is \`ACTIVE\`. Each answer has a newer \`token\`; use that one from then on.
6. **Choose seats.** \`GET …/dates\` lists the dates, and \`GET …/dates/{date}/seats\` the seats of one.
7. **Reserve them.** \`POST /api/v1/reservations\` holds all of them or none, until \`expiresAt\`.
8. **Pay.** \`POST /api/v1/payments\` debits the balance, issues the tickets and ends your place in one transaction.

### Two kinds of token

Send the token that a call needs as \`Authorization: Bearer …\`. Neither kind replaces the other.

| | access token | queue token |
| --- | --- | --- |
| identifies | you | your place in the queue of one concert; permits buying while the place is ACTIVE |
| comes from | \`POST /api/v1/users\`, or the operator's identity provider | \`POST …/queue/tokens\`; each answer about your place has a newer one |
| is for | your balance, lists and payments; joining a queue | waiting, dates and seats, reserving, paying |
| is valid | until \`expiresAt\`, for every concert | for its user and concert; after the place has ended, only to read the reason and to get stored answers |

**To try the calls here**, press *Authorize*. Paste the access token into \`accessToken\` and the queue token into \`queueToken\`, without the word Bearer. Each call uses the token that it needs. \`operatorKey\` is for the calls of operators; \`npm start\` prints its key. The page forgets them when it is reloaded or closed.

### Refusals

A refusal is \`application/problem+json\` with a stable \`code\`. Each call lists its codes with an example, and \`GET\` of the \`type\` of a problem explains it. An unknown path is \`404 NOT_FOUND\`; another method on a known path is \`405 METHOD_NOT_ALLOWED\` with \`Allow\`. After 429 and 503, retry after \`Retry-After\` seconds; after a 503, with the same \`Idempotency-Key\`.

### Conventions

Bodies are JSON, and unknown members are refused. Times are RFC 3339 in UTC; the date of a show is in the time zone of the concert. Money is a whole number in the minor unit of the installation's currency. Lists take \`limit\` and \`cursor\` and return \`items\` and \`nextCursor\`. A resource of another user is answered with 404.
`;

const tags: readonly DocumentTag[] = [
  { name: "Users", description: "Users and their access tokens" },
  { name: "Balance", description: "Prepaid money; every change is an entry of the ledger" },
  { name: "Concerts", description: "Concerts on sale; public" },
  { name: "Queue", description: "The queue of a concert: joining, waiting and admission" },
  { name: "Dates and seats", description: "Dates and seats that can be booked, for ACTIVE users" },
  { name: "Reservations", description: "Seats held until payment, all or none" },
  { name: "Payments", description: "Payments and their tickets" },
  { name: "Tickets", description: "The tickets that a user holds, and the keys of their codes" },
  {
    name: "Goods",
    description: "Products beside the seats, and orders that hold pieces until payment",
  },
  { name: "Operator", description: "Creating concerts and controlling their sales" },
  { name: "Operations", description: "Health, metrics and this document" },
];

/** The parts of the document beside its routes: the steps of a buyer, the tokens, the tags in order. */
export const guide: Omit<DocumentOptions, "publicUrl"> = {
  title: "Frontrow",
  version: about.version,
  description: description.trim(),
  tags,
};
