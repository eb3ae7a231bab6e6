import { parseArgs } from "node:util";
import { readRequest, type ReadRequest } from "#platform/http/lane/grammar.ts";
import { compareLanes } from "#test/lane/compare.ts";

// Sends random byte streams to two servers, one with the fast lane, and compares the answers.
//
//   npm run fuzz:lane                             1,000,000 streams, from seed 0: about five minutes of CPU
//   npm run fuzz:lane -- --from 5 --streams 1     one again

const { values } = parseArgs({
  options: {
    from: { type: "string", default: "0" },
    streams: { type: "string", default: "1000000" },
  },
});
const [from, streams] = [Number(values.from), Number(values.streams)];
if (!Number.isSafeInteger(from) || !Number.isSafeInteger(streams) || streams < 1) {
  throw new Error("--from and --streams are whole numbers");
}
// Many streams end with an error by design; the trace of an error costs more than the error.
Error.stackTraceLimit = 0;
const step = 20_000;
let failures = 0;
let complete = 0;
const read: ReadRequest = (bytes) => {
  const request = readRequest(bytes);
  if (request !== null) complete += 1;
  return request;
};
for (let done = 0; done < streams && failures === 0; done += step) {
  const count = Math.min(step, streams - done);
  const found = await compareLanes({ from: from + done, count }, read);
  for (const difference of found) console.log(JSON.stringify(difference, null, 2));
  failures += found.length;
  const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(
    `${done + count} streams, ${complete} requests in the grammar, ${failures} not answered alike; ${megabytes} MB resident`,
  );
}
process.exitCode = failures === 0 ? 0 : 1;
