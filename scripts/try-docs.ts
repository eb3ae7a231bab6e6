import { becomeBuyer, type Buyer } from "./browsing/buyer.ts";
import { openDocs, type DocsPage, type Sending } from "./browsing/docs-page.ts";

// Tries Swagger UI of a running server in Chromium, with each kind of token, and fails when a call
// does not answer as it should or the browser has anything to complain about: an error, something
// that the policy refuses, a request to another host.
//
//   npm start                                                         in one terminal
//   OPERATOR_KEY=… node scripts/try-docs.ts [http://localhost:3000]   in another

const url = process.argv[2] ?? "http://localhost:3000";
const operatorKey = process.env["OPERATOR_KEY"] ?? "demo-operator-key-for-this-machine-only";

interface Attempt {
  readonly operationId: string;
  readonly sending?: Sending;
  readonly expected: number;
}

const before = (buyer: Buyer): readonly Attempt[] => [
  { operationId: "createUser", expected: 201 },
  { operationId: "listConcerts", expected: 200 },
  { operationId: "readReadiness", expected: 200 },
  { operationId: "readBalance", sending: { parameters: { userId: buyer.userId } }, expected: 401 },
];

const withTokens = ({ userId, concertId, date, seatNumber }: Buyer): readonly Attempt[] => [
  { operationId: "chargeBalance", sending: { parameters: { userId } }, expected: 201 },
  { operationId: "joinQueue", sending: { parameters: { concertId } }, expected: 200 },
  { operationId: "readQueueStatus", sending: { parameters: { concertId } }, expected: 200 },
  { operationId: "listSeats", sending: { parameters: { concertId, date } }, expected: 200 },
  {
    operationId: "reserveSeats",
    sending: { body: { date, seatNumbers: [seatNumber] } },
    expected: 201,
  },
  { operationId: "readStats", sending: { parameters: { concertId } }, expected: 200 },
];

const tryAll = async (docs: DocsPage, attempts: readonly Attempt[]): Promise<string[]> => {
  const faults: string[] = [];
  for (const { operationId, sending, expected } of attempts) {
    const { status } = await docs.tryOut(operationId, sending);
    console.log(`${status === expected ? "✔" : "✖"} ${operationId} ${status}`);
    if (status !== expected) faults.push(`${operationId}: ${status} instead of ${expected}`);
  }
  return faults;
};

const main = async (): Promise<readonly string[]> => {
  const buyer = await becomeBuyer(url);
  const docs = await openDocs(url, { width: 1180, height: 900 });
  try {
    const without = await tryAll(docs, before(buyer));
    await docs.page.reload();
    await docs.page.locator(".opblock").first().waitFor();
    const { accessToken, queueToken } = buyer;
    await docs.authorize({ accessToken, queueToken, operatorKey });
    const withAll = await tryAll(docs, withTokens(buyer));
    await docs.page.reload();
    await docs.page.locator(".opblock").first().waitFor();
    const kept = await docs.page.locator(".auth-wrapper .authorize.locked").count();
    const keeping = kept === 1 ? [] : ["the tokens are forgotten when the page is loaded again"];
    return [...without, ...withAll, ...keeping, ...docs.complaints];
  } finally {
    await docs.close();
  }
};

const faults = await main();
console.log(faults.length === 0 ? "Nothing to complain about." : faults.join("\n"));
process.exitCode = faults.length === 0 ? 0 : 1;
