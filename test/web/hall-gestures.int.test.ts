import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { openBrowser, openVisitor, phone } from "#test/support/browser.ts";
import { eventually } from "#test/support/concurrency.ts";
import { demoPlan } from "#test/support/demo-plans.ts";
import { signUpAt } from "#test/support/fan-at-browser.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { fingersOn } from "#test/support/touch.ts";

// The map of a hall under fingers, wheel and keys: what it does, and that the page stays where it is.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";

const chosen = (page: Page) => page.locator(".basket .selected");
const oneSeat = /^Stalls Centre, row [A-Z], seat \d+$/;

/** Where the page is: how far it is scrolled, and how much it is enlarged. */
const pageAt = (page: Page) =>
  page.evaluate<[number, number]>("[Math.round(scrollY), visualViewport.scale]");

const untilScrolled = (page: Page, isThere: (y: number) => boolean) =>
  eventually(`the page is scrolled: ${isThere.toString()}`, async () => {
    const [y] = await pageAt(page);
    return isThere(y) || undefined;
  });

const touchPhone = { viewport: phone, hasTouch: true, isMobile: true };
/** Low, so that the page has more to scroll below the map. */
const lowDesk = { viewport: { width: 1_000, height: 500 } };

/** Opens the theatre with its map in sight. */
const openMap = async (device: BrowserContextOptions = touchPhone) => {
  const { concertId } = await sale.onSale({ seatingPlan: demoPlan("theatre") });
  const visitor = await openVisitor(browser, url, {
    ...device,
    // Without motion the map is at its new place at once after a tap.
    reducedMotion: "reduce",
  });
  const { page } = visitor;
  await signUpAt(page, concertId);
  await page.getByRole("button", { name: "Choose seats" }).click();
  const map = page.getByRole("application", { name: "Seat map" });
  await map.waitFor();
  await map.evaluate("document.querySelector('canvas').scrollIntoView({ block: 'center' })");
  const box = (await map.boundingBox()) ?? assert.fail();
  const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  return { visitor, page, map, centre, fingers: await fingersOn(page) };
};

/** Chooses the seat at a point by tapping it, takes it back, and returns its name. */
const seatAt = async (
  { page, fingers }: Awaited<ReturnType<typeof openMap>>,
  at: { readonly x: number; readonly y: number },
): Promise<string> => {
  await fingers.tap(at);
  const name = await chosen(page).textContent();
  await fingers.tap(at);
  await chosen(page).waitFor({ state: "detached" });
  return name ?? "";
};

/** A place in the first section, some way from the middle of the map. */
const inStalls = ({ centre }: { readonly centre: { readonly x: number; readonly y: number } }) => ({
  x: centre.x,
  y: centre.y - 60,
});

const beside = (at: { readonly x: number; readonly y: number }, dx: number, dy: number) => ({
  x: at.x + dx,
  y: at.y + dy,
});

test("a tap shows a section, the next one selects a seat, and another one takes it back", async () => {
  const opened = await openMap();
  const { page, visitor, fingers } = opened;
  const at = inStalls(opened);
  await fingers.tap(at);
  assert.equal(await chosen(page).count(), 0);
  assert.match(await seatAt(opened, at), oneSeat);
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

test("one finger moves the hall, two make it larger, and the page stays where it is", async () => {
  const opened = await openMap();
  const { page, visitor, fingers } = opened;
  const at = inStalls(opened);
  await fingers.tap(at);
  const before = await pageAt(page);
  const [seat, other] = [await seatAt(opened, at), await seatAt(opened, beside(at, 40, 0))];
  assert.notEqual(seat, other);

  await fingers.move([[beside(at, 0, 50), beside(at, -40, 130)]]);
  const moved = beside(at, -40, 80);
  assert.equal(await seatAt(opened, moved), seat);
  await fingers.move([
    [beside(moved, -20, 0), beside(moved, -40, 0)],
    [beside(moved, 20, 0), beside(moved, 40, 0)],
  ]);
  assert.equal(await seatAt(opened, moved), seat);
  assert.equal(await seatAt(opened, beside(moved, 80, 0)), other);
  await fingers.move([
    [beside(moved, 0, -60), beside(moved, 0, -30)],
    [beside(moved, 0, 60), beside(moved, 0, 30)],
  ]);
  assert.equal(await seatAt(opened, beside(moved, 40, 0)), other);
  assert.deepEqual(await pageAt(page), before);
  await visitor.close();
});

test("a finger outside of the map scrolls the page", async () => {
  const { page, visitor, fingers } = await openMap();
  const [start] = await pageAt(page);
  const title = (await page.getByText("Or choose by yourself").boundingBox()) ?? assert.fail();
  await fingers.move([[title, beside(title, 0, 80)]]);
  await untilScrolled(page, (y) => y < start - 40);
  await visitor.close();
});

test("a finger on the map scrolls the page while the whole hall is shown", async () => {
  const { page, visitor, fingers, centre } = await openMap();
  const [start] = await pageAt(page);
  await fingers.move([[centre, beside(centre, 0, 100)]]);
  await untilScrolled(page, (y) => y < start - 40);
  await visitor.close();
});

test("a map that leaves the fingers to the page is found", async () => {
  const opened = await openMap();
  const { page, visitor, fingers, map, centre } = opened;
  await fingers.tap(inStalls(opened));
  await map.evaluate("document.querySelector('canvas').style.touchAction = 'auto'");
  const [start] = await pageAt(page);
  await fingers.move([[centre, beside(centre, 0, 100)]]);
  await untilScrolled(page, (y) => y < start - 40);
  await visitor.close();
});

test("the wheel makes the hall larger where it points, and the page does not scroll", async () => {
  const opened = await openMap(lowDesk);
  const { page, visitor } = opened;
  const at = inStalls(opened);
  const before = await pageAt(page);
  await page.mouse.move(at.x, at.y);
  for (let n = 0; n < 12; n += 1) await page.mouse.wheel(0, -100);
  await page.mouse.click(at.x, at.y);
  await chosen(page).filter({ hasText: oneSeat }).waitFor();
  assert.deepEqual(await pageAt(page), before);
  await visitor.close();
});

test("the wheel scrolls the page over a hall that is whole already", async () => {
  const { page, visitor, centre } = await openMap(lowDesk);
  const [start] = await pageAt(page);
  await page.mouse.move(centre.x, centre.y);
  await page.mouse.wheel(0, 100);
  await untilScrolled(page, (y) => y > start);
  await visitor.close();
});

test("one turn of the wheel that makes the hall whole does not go on to scroll the page", async () => {
  const { page, visitor } = await openMap(lowDesk);
  // Turned by the page itself, so that no time passes between the events.
  const prevented = await page.evaluate<boolean[]>(
    `[-900, ...Array(20).fill(100)].map((deltaY) => {
      const { left: clientX, top: clientY } = document.querySelector("canvas").getBoundingClientRect();
      const turn = new WheelEvent("wheel", { deltaY, clientX, clientY, cancelable: true });
      return !document.querySelector("canvas").dispatchEvent(turn);
    })`,
  );
  assert.deepEqual(prevented, Array(21).fill(true));
  await visitor.close();
});

test("keys enlarge the hall, go from seat to seat and select, and the page does not scroll", async () => {
  const { page, visitor, map } = await openMap();
  await map.focus();
  const before = await pageAt(page);
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press("+", "+", "-", "ArrowDown", "ArrowRight", "Enter");
  const first = (await chosen(page).textContent()) ?? "";
  assert.match(first, /, seat \d+$/);
  await press("ArrowLeft", "Enter");
  await chosen(page)
    .filter({ hasText: /, seats \d+, \d+$/ })
    .waitFor();
  await press("Enter", "0", "+", "ArrowRight", " ");
  await chosen(page).waitFor({ state: "detached" });
  assert.deepEqual(await pageAt(page), before);
  await visitor.close();
});
