import type { DocumentOptions, DocumentTag } from "#platform/http/openapi.ts";
import about from "../../package.json" with { type: "json" };

const description = `
A server for the minute a popular concert goes on sale: a fair queue, seats that cannot be sold twice, a prepaid balance, one payment that settles everything.

### From a name to a ticket

1. **Become somebody.** \`POST /api/v1/users\` answers a \`userId\` and an \`accessToken\`. (A real sale has its own identity provider.)
2. **Charge the balance.** \`POST /api/v1/users/{userId}/balance/charges\`, with an \`Idempotency-Key\`.
3. **Choose a concert.** \`GET /api/v1/concerts\` lists them.
4. **Join its queue.** \`POST /api/v1/concerts/{concertId}/queue/tokens\` answers your place and its \`token\`: the queue token.
5. **Wait for your turn.** Ask \`GET …/queue/tokens/me\` again after \`pollAfterMs\`, until \`status\` is \`ACTIVE\`. Keep the newest \`token\`.
6. **Choose seats.** \`GET …/dates\`, then \`GET …/dates/{date}/seats\`.
7. **Reserve them.** \`POST /api/v1/reservations\`: all of them or none, held until \`expiresAt\`.
8. **Pay.** \`POST /api/v1/payments\`: money, tickets and the end of your place, at once.

### Two kinds of token

Both go into \`Authorization: Bearer …\`, and neither can stand for the other.

| | access token | queue token |
| --- | --- | --- |
| says | who you are | your place in one concert's queue, and your right to buy while it is ACTIVE |
| comes from | \`POST /api/v1/users\`, or the operator's identity provider | \`POST …/queue/tokens\`; each answer about your place has the newest one |
| opens | your balance, lists and payments; joining a queue | waiting, dates and seats, reserving, paying |
| serves | until \`expiresAt\`, for every concert | for its own user and concert; after its end it still tells why it ended, and gets stored answers again |

**To try the calls here**, press *Authorize*: paste the access token into \`accessToken\` and the queue token into \`queueToken\`, without the word Bearer. Both can be there at the same time: each call takes the one that it needs. \`operatorKey\` is for the operator's calls; \`npm start\` prints its own. This browser keeps them until you press *Logout*.

### Refusals

They are \`application/problem+json\` with a stable \`code\`; each call lists its codes with an example, and \`GET\` of a problem's \`type\` explains it. An unknown path is \`404 NOT_FOUND\`, a known one with another method \`405 METHOD_NOT_ALLOWED\` with \`Allow\`. 429 and 503 say in \`Retry-After\` when to ask again; after a 503, do so with the same \`Idempotency-Key\`.

### Conventions

Bodies are JSON; members that are not known are refused. Times are RFC 3339 in UTC; a show's date is in the concert's own time zone. Money is a whole number in the minor unit of the one currency. Lists take \`limit\` and \`cursor\` and answer \`items\` and \`nextCursor\`. What belongs to somebody else does not exist: 404.
`;

const tags: readonly DocumentTag[] = [
  { name: "Users", description: "Who you are: the access token" },
  { name: "Balance", description: "Prepaid money; every change is an entry of the ledger" },
  { name: "Concerts", description: "What is on sale, for everybody" },
  { name: "Queue", description: "The queue: one's place, and when it is one's turn" },
  { name: "Dates and seats", description: "What can be booked, for those whose turn it is" },
  { name: "Reservations", description: "Seats held for a while, all of them or none" },
  { name: "Payments", description: "Money for tickets, in one transaction" },
  { name: "Operator", description: "Putting concerts on sale and steering their queues" },
  { name: "Operations", description: "Health, metrics, this document" },
];

/** What the published document says beside the routes: the buyer's way, the tokens, the topics in order. */
export const guide: Omit<DocumentOptions, "publicUrl"> = {
  title: "Frontrow",
  version: about.version,
  description: description.trim(),
  tags,
};
