import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { inspect, openBrowser, phone } from "#test/support/browser.ts";
import { demoPlan } from "#test/support/demo-plans.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// The operator's seating plan: made from blocks, read from a file, copied from another sale.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const open = consoleOpener(browser, deployment.instances[0]?.url ?? "", deployment.operatorKey);

/** Opens the form for a new sale with a seating plan. */
const openPlan = async (options = {}) => {
  const visitor = await open("/console/new", options);
  const { page } = visitor;
  await page.getByLabel("Title").fill("Grand Night");
  await page.getByRole("radio", { name: "A seating plan" }).check();
  return visitor;
};

interface Plan {
  readonly seatsTotal: number;
  readonly sections: readonly {
    readonly name: string;
    readonly kind: string;
    readonly rows: readonly {
      readonly name: string;
      readonly firstName: number;
      readonly step: number;
    }[];
  }[];
}

const readFile = (page: Page, name: string, text: string) =>
  page.getByLabel("A CSV or JSON file").setInputFiles({
    name,
    mimeType: "text/plain",
    buffer: Buffer.from(text),
  });

/** Creates the sale and returns the seating plan that it has. */
const created = async (page: Page): Promise<Plan> => {
  await page.getByRole("button", { name: "Create the sale" }).click();
  await page.waitForURL(/console\/[-\da-f]{36}$/);
  const concertId = page.url().split("/").at(-1) ?? "";
  const { body } = await sale.call({ path: `/api/v1/concerts/${concertId}/seating-plan` });
  return body as unknown as Plan;
};

for (const viewport of [{ width: 1440, height: 900 }, phone])
  test(`a plan is made from blocks on a screen of ${viewport.width} px, drawn and sent`, async () => {
    const visitor = await openPlan({ viewport });
    const { page } = visitor;
    await page.getByRole("button", { name: "Add a block" }).click();
    const block = page.getByRole("group", { name: "Add a block" });
    await block.getByRole("button", { name: "Add", exact: true }).click();
    assert.equal(
      await block.getByLabel("Name of the section").getAttribute("aria-invalid"),
      "true",
    );
    await block.getByLabel("Name of the section").fill("Stalls");
    await block.getByLabel("Rows").fill("12");
    await block.getByLabel("Numbers").selectOption("right");
    await block.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("240 seats in 1 section").waitFor();
    await page.getByRole("button", { name: "Add a block" }).click();
    await block.getByLabel("Name of the section").fill("Floor");
    await block.getByLabel("Kind").selectOption("Standing");
    await block.getByLabel("Capacity").fill("300");
    await block.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("540 seats in 2 sections").waitFor();
    await page.getByRole("application", { name: "Seat map" }).waitFor();
    await inspect(visitor, "a plan from blocks");
    const { seatsTotal, sections } = await created(page);
    assert.equal(seatsTotal, 540);
    assert.deepEqual(
      sections.map(({ name, kind }) => [name, kind]),
      [
        ["Stalls", "SEATED"],
        ["Floor", "STANDING"],
      ],
    );
    assert.deepEqual(
      [sections[0]?.rows[11]?.name, sections[0]?.rows[0]?.firstName, sections[0]?.rows[0]?.step],
      ["L", 20, -1],
    );
    await visitor.close();
  });

test("a CSV file with faults names each with its line, and a mended one is taken", async () => {
  const visitor = await openPlan();
  const { page } = visitor;
  await readFile(
    page,
    "hall.csv",
    "\uFEFFsection,row,seat,grade\r\nA,1,1,R\r\nA,1,1,R\r\nA,1,,S\r\n",
  );
  await page.getByText("Line 3: this seat is given before: A, 1, 1").waitFor();
  await page.getByText("Line 4: “seat” is empty").waitFor();
  await page.getByText("No sections yet").waitFor();
  await inspect(visitor, "faults of a file");
  await readFile(page, "hall.csv", "section,row,seat,grade\nA,1,1,R\nA,1,2,R\nA,2,1,S\n");
  await page.getByText("3 seats in 1 section").waitFor();
  assert.equal(await page.getByText("Line 3").count(), 0);
  await visitor.close();
});

test("the theatre is read from JSON and drawn", async () => {
  const visitor = await openPlan();
  const { page } = visitor;
  await readFile(page, "theatre.json", JSON.stringify(demoPlan("theatre")));
  await page.getByText("1,356 seats in 9 sections").waitFor();
  assert.equal((await created(page)).seatsTotal, 1_356);
  await visitor.close();
});

test("the plan of another sale is copied, and makes the same plan", async () => {
  const { concertId } = await sale.onSale({ seatingPlan: demoPlan("arena") });
  const visitor = await openPlan();
  const { page } = visitor;
  await page.getByLabel("Another sale").selectOption(concertId);
  await page.getByText("11,992 seats in 42 sections").waitFor();
  const { body } = await sale.call({ path: `/api/v1/concerts/${concertId}/seating-plan` });
  assert.deepEqual(await created(page), body);
  await visitor.close();
});

const addBlock = async (page: Page, name: string, seats: string, place?: string): Promise<void> => {
  await page.getByRole("button", { name: "Add a block" }).click();
  const block = page.getByRole("group", { name: "Add a block" });
  await block.getByLabel("Name of the section").fill(name);
  await block.getByLabel("Seats per row").fill(seats);
  if (place !== undefined) await block.getByLabel("Place").selectOption(place);
  await block.getByRole("button", { name: "Add", exact: true }).click();
};

test("a block is placed beside another, sections follow a renamed grade, and seats that overlap are told", async () => {
  const visitor = await openPlan({ viewport: phone });
  const { page } = visitor;
  await addBlock(page, "Centre", "20");
  await addBlock(page, "Left", "10", "Left of Centre");
  await page.getByText("300 seats in 2 sections").waitFor();
  await page.getByText("2 sections have it").waitFor();
  assert.equal(await page.getByText(/^Seats stand on each other/).count(), 0);
  await page.getByLabel("Name 1").fill("VIP");
  await page.getByText("Seats · 200 · VIP").waitFor();
  await page.getByRole("button", { name: "Change Left" }).click();
  const block = page.getByRole("group", { name: "Change Left" });
  await block.getByLabel("Left to right (m)").fill("0");
  await block.getByRole("button", { name: "Change", exact: true }).click();
  await page.getByText("Seats stand on each other: Centre + Left.").waitFor();
  await inspect(visitor, "a plan whose seats overlap");
  await page.getByRole("button", { name: "Change Left" }).click();
  await block.getByLabel("Place").selectOption("Right of Centre");
  await block.getByRole("button", { name: "Change", exact: true }).click();
  await page.getByText(/^Seats stand on each other/).waitFor({ state: "detached" });
  const { sections } = (await created(page)) as unknown as {
    sections: { name: string; grade: string; x: number; y: number }[];
  };
  const [centre, left] = sections;
  assert.deepEqual([centre?.grade, left?.grade, left?.y], ["VIP", "VIP", centre?.y]);
  assert.ok(Number(left?.x) > 0);
  await visitor.close();
});

test("imported sections are renamed, get another grade, move and go", async () => {
  const visitor = await openPlan();
  const { page } = visitor;
  const lines = ["section,row,seat,grade", "Box,1,1,R", "Box,1,x,S", "Stalls,A,1,S", "Gone,A,1,S"];
  await readFile(page, "hall.csv", lines.join("\r\n"));
  await page.getByText("4 seats in 3 sections").waitFor();
  await page.getByRole("button", { name: "Remove Gone" }).click();
  await page.getByRole("button", { name: "Change Box" }).click();
  const block = page.getByRole("group", { name: "Change Box" });
  await block.getByText("The rows of this section are no block").waitFor();
  await inspect(visitor, "the form of a section from a file");
  await block.getByLabel("Name of the section").fill("Loge");
  await block.getByLabel("Grade").selectOption("S");
  await block.getByLabel("Left to right (m)").fill("-3");
  await block.getByRole("button", { name: "Change", exact: true }).click();
  await page.getByText("Seats · 2 · S").waitFor();
  await page.getByRole("button", { name: "Remove Grade 1" }).click();
  await page.getByLabel("Price 1").fill("5000");
  await page.getByRole("button", { name: "Change Stalls" }).click();
  const stalls = page.getByRole("group", { name: "Change Stalls" });
  await stalls.getByLabel("Seats per row").fill("8");
  await stalls.getByRole("button", { name: "Change", exact: true }).click();
  const plan = (await created(page)) as unknown as {
    seatsTotal: number;
    grades: { name: string }[];
    sections: { name: string; x: number; rows: { places: { name: string; grade: string }[] }[] }[];
  };
  const [loge] = plan.sections;
  assert.deepEqual([plan.seatsTotal, plan.grades.length, loge?.name, loge?.x], [10, 1, "Loge", -3]);
  assert.deepEqual(
    loge?.rows[0]?.places.map(({ name, grade }) => [name, grade]),
    [
      ["1", "S"],
      ["x", "S"],
    ],
  );
  await visitor.close();
});

test("a file in the Korean code page with semicolons is read, and JSON of another form says what is wrong", async () => {
  const visitor = await openPlan();
  const { page } = visitor;
  // The name of the section is the syllable 가 in EUC-KR.
  const parts = [
    Buffer.from("section;row;seat;grade\r\n"),
    [0xb0, 0xa1],
    Buffer.from(";2;3;R\r\n"),
  ];
  const buffer = Buffer.concat(parts.map((part) => Uint8Array.from(part)));
  await page
    .getByLabel("A CSV or JSON file")
    .setInputFiles({ name: "hall.csv", mimeType: "text/csv", buffer });
  await page.getByText("1 seat in 1 section").waitFor();
  await page.getByText("가", { exact: true }).first().waitFor();
  await readFile(page, "plan.json", '{"sections": [{"name": "A", "grade": "R", "rows": 5}]}');
  await page.getByText("/sections/0/rows is missing or has another form").waitFor();
  await page.getByText("1 seat in 1 section").waitFor();
  await visitor.close();
});

test("a plan that the server refuses shows each fault with its section and row", async () => {
  const visitor = await openPlan();
  const { page } = visitor;
  const rows = [
    { name: "A", seats: [1, 5] },
    { name: "A", seats: [9, 3] },
  ];
  const plan = {
    grades: [{ name: "R", price: 1_000 }],
    sections: [{ name: "Stalls", kind: "SEATED", grade: "VIP", rows }],
  };
  await readFile(page, "plan.json", JSON.stringify(plan));
  await page.getByRole("button", { name: "Create the sale" }).click();
  await page.getByText("The server refuses this plan:").waitFor();
  for (const place of [
    "section Stalls, grade",
    "section Stalls, row A, name",
    "section Stalls, row A, seats",
  ])
    await page.getByText(place).waitFor();
  await inspect(visitor, "a refused plan");
  await visitor.close();
});

test("the console shows the seats of a hall on its map, and the holder of the chosen one", async () => {
  const { concertId, dates } = await sale.onSale({ seatingPlan: demoPlan("theatre") });
  const holder = await sale.admitted(await sale.fan(), concertId);
  await sale.reserved(holder, { date: dates[0] ?? "", seatNumbers: [209] });
  const visitor = await open(`/console/${concertId}`);
  const { page } = visitor;
  const map = page.getByRole("application", { name: "Seat map" });
  await map.focus();
  await page.keyboard.press("ArrowUp");
  const reached = page.getByText(/^Stalls Centre, row [A-Z], seat \d+, (Free|Held)$/);
  await reached.waitFor();
  const chosen = page.getByText(/Stalls Centre, row A, seat 9 · VIP/);
  // From somewhere in the middle block to the middle of its first row.
  const isThere = async () =>
    (await page.getByText("Stalls Centre, row A, seat 9, Held", { exact: true }).count()) > 0;
  for (let n = 0; n < 40 && !(await isThere()); n += 1) {
    const at = (await reached.textContent()) ?? "";
    const [, row, seat] = /row (\w+), seat (\d+)/.exec(at) ?? [];
    await page.keyboard.press(
      row !== "A" ? "ArrowUp" : Number(seat) < 9 ? "ArrowRight" : "ArrowLeft",
    );
  }
  await page.keyboard.press("Enter");
  await chosen.waitFor();
  await page.getByText(holder.userId).first().waitFor();
  await inspect(visitor, "the console of a hall");
  await visitor.close();
});
