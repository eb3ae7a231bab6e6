import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createLog } from "#platform/log.ts";
import { concert, sampleServer } from "#test/support/sample-server.ts";

// A regular expression that tries each start, and reads from each to the end, takes seconds for 15 kB of a text
// that almost fits it. One request of any client would then stop the instance.

const chars = 15_000;
const fill = (part: string): string => part.repeat(chars / part.length);
const calm = fill("a");
const hostile: Readonly<Record<string, string>> = {
  spaces: `a${fill(" ")}b`,
  "spaces before separators": `a${fill("  ;")}b`,
  commas: fill(","),
  "names with dots": fill("a."),
  "beginnings of addresses": fill("a:"),
  "beginnings of tokens": fill("eyJa-"),
  quotes: `"${fill('\\"')}`,
  digits: fill("1."),
};

type Work = (text: string) => Promise<unknown> | void;

/** The shortest of some times: other processes only add to a time. */
const shortestMs = async (work: Work, text: string): Promise<number> => {
  const times: number[] = [];
  for (let n = 0; n < 3; n += 1) {
    const startedMs = performance.now();
    await work(text);
    times.push(performance.now() - startedMs);
  }
  return Math.min(...times);
};

/** All texts of one length cost about the same, or several hundred times more with such an expression. */
const ratioMax = 60;

const assertNoneCostsMuchMore = async (work: Work): Promise<void> => {
  const calmMs = await shortestMs(work, calm);
  for (const [name, text] of Object.entries(hostile)) {
    const ratio = (await shortestMs(work, text)) / calmMs;
    assert.ok(ratio < ratioMax, `${name}: ${Math.round(ratio)} times as much`);
  }
};

const { server } = await sampleServer({ trustProxy: true });
after(() => server.close());

const names =
  "accept accept-encoding authorization challenge-response content-type idempotency-key if-none-match x-forwarded-for x-request-id";
for (const name of names.split(" ")) {
  test(`no text of ${name} costs much more than another one of its length`, async () => {
    for (const url of ["/openapi.json", `/api/v1/concerts/${concert}`, "/nowhere"])
      await assertNoneCostsMuchMore((text) => server.inject({ url, headers: { [name]: text } }));
  });
}

test("no text in a log line costs much more than another one of its length", async () => {
  const log = createLog({ level: "info", destination: { write: () => undefined } });
  await assertNoneCostsMuchMore((url) => log.warn({ url }, "an operator key is wrong"));
});
