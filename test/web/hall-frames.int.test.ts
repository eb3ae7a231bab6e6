import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { openBrowser, openVisitor, phone } from "#test/support/browser.ts";
import { signUpAt } from "#test/support/fan-at-browser.ts";
import { hallOf } from "#test/support/halls.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { fingersOn } from "#test/support/touch.ts";

// How much one frame draws of a hall with 50,000 seats.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);

/**
 * A phone shows at most 1,000 seats that are large enough to be drawn one by one, some with their names. Two
 * frames may be counted as one.
 */
const callsMax = 2_000;

/** Counts the calls that draw, from one frame to the next, and keeps the largest count. */
const counter = `
  globalThis.drawn = { frames: 0, max: 0 };
  let calls = 0;
  const pen = CanvasRenderingContext2D.prototype;
  for (const name of ["drawImage", "fill", "fillText", "fillRect", "putImageData", "stroke"]) {
    const draw = pen[name];
    pen[name] = function (...args) {
      calls += 1;
      return draw.apply(this, args);
    };
  }
  const tick = () => {
    if (calls > 0) drawn.frames += 1;
    drawn.max = Math.max(drawn.max, calls);
    calls = 0;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
`;

const drawnOn = (page: Page) => page.evaluate<{ frames: number; max: number }>("drawn");

/** Resolves after the next frame of the page. */
const frame =
  "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))";

const assertBounded = async (page: Page): Promise<void> => {
  const { frames, max } = await drawnOn(page);
  assert.ok(frames >= 60, `only ${frames} frames were counted`);
  assert.ok(max <= callsMax, `${max} calls in one frame`);
};

test("no frame draws more than a screen of seats while a hall of 50,000 is moved, at any zoom", async (t) => {
  const { concertId } = await sale.onSale({ seatingPlan: hallOf(50) });
  const visitor = await openVisitor(browser, deployment.instances[0]?.url ?? "", {
    ...{ viewport: phone, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  });
  const { page } = visitor;
  await page.addInitScript(counter);
  await signUpAt(page, concertId);
  await page.getByRole("button", { name: "Choose seats" }).click();
  const map = page.getByRole("application", { name: "Seat map" });
  await map.waitFor();
  await map.evaluate("document.querySelector('canvas').scrollIntoView({ block: 'center' })");
  await map.focus();
  const fingers = await fingersOn(page);
  const box = (await map.boundingBox()) ?? assert.fail();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  for (let zoom = 0; zoom < 12; zoom += 1) {
    for (const side of [1, -1])
      await fingers.move([
        [
          { x, y },
          { x: x + 90 * side, y: y + 60 * side },
        ],
      ]);
    await page.keyboard.press("+");
  }
  await page.evaluate(frame);
  t.diagnostic(JSON.stringify(await drawnOn(page)));
  await assertBounded(page);
  // The counter finds a frame that draws every seat.
  await page.evaluate(`
    const pen = document.createElement("canvas").getContext("2d");
    for (let n = 0; n < 50_000; n += 1) pen.fillRect(n, 0, 1, 1);
    ${frame}
  `);
  await assert.rejects(assertBounded(page), /50\d{3} calls in one frame/);
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});
