import assert from "node:assert/strict";
import { after, test } from "node:test";
import { faultsOf, openBrowser, phone } from "#test/support/browser.ts";

// The checks that every walked state of the pages passes find faults that are planted.

const browser = await openBrowser();
after(() => browser.close());

const faultsIn = async (body: string): Promise<string[]> => {
  const page = await browser.newPage({ viewport: phone });
  await page.setContent(
    `<!doctype html><html lang="en"><title>Planted</title><main><h1>Planted</h1>${body}</main>`,
  );
  const faults = await faultsOf(page);
  await page.close();
  return faults;
};

// the planted fault | body | the fault; null: none
const planted: [string, string, RegExp | null][] = [
  [
    "a name that contains what is seen",
    `<button aria-label="Select seat 11">Seat 11</button>`,
    null,
  ],
  [
    "a name without the seen text",
    `<button aria-label="Add 5">+5</button>`,
    /^seen: \+5, named: Add 5$/,
  ],
  [
    "an input that is named otherwise than its label",
    `<label>Amount <input aria-label="Sum" /></label>`,
    /^seen: Amount, named: Sum$/,
  ],
  [
    "a control under another one",
    `<button>One</button><button style="margin-left: -20px">Two</button>`,
    /overlaps/,
  ],
  [
    "an input wider than its label",
    `<label style="display: block; width: 90px">Amount <input style="width: 120px" /></label>`,
    /^wider than its label/,
  ],
  ["a disabled button that looks alive", `<button disabled>Off</button>`, /^looks alive/],
  ["content wider than the screen", `<p style="width: 500px">Wide</p>`, /px too wide: P/],
  [
    "text that does not fit at twice its size",
    `<p style="width: 12rem; white-space: nowrap">Large</p>`,
    /px too wide: P/,
  ],
];
for (const [what, body, fault] of planted)
  test(`planted: ${what}`, async () => {
    const faults = await faultsIn(body);
    if (fault === null) assert.deepEqual(faults, []);
    else
      assert.ok(
        faults.some((one) => fault.test(one)),
        JSON.stringify(faults),
      );
  });
