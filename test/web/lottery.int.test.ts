import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inspect, openBrowser, openVisitor } from "#test/support/browser.ts";
import { signUpAt } from "#test/support/fan-at-browser.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// A lottery as a fan sees it: the lobby, the draw, and checking the draw in the browser.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";

test("a fan waits in the lobby, is drawn, and checks the draw in the browser", async () => {
  const now = Date.now();
  const { concertId } = await sale.onSale({
    policy: {
      mode: "lottery",
      opensAt: new Date(now + 1_500).toISOString(),
      admitsAt: new Date(now + 14_000).toISOString(),
      maxActive: 1,
    },
  });
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await page.getByRole("heading", { name: "You are in the lobby" }).waitFor();
  await page.getByText("Draw in", { exact: true }).waitFor();
  await page.getByText("How is the order drawn?").click();
  await page.getByText(/^After the draw, you can check it here/).waitFor();
  await inspect(visitor, "the lobby");
  for (const fan of await sale.fans(6)) await sale.placed(fan, concertId);

  // A paused queue admits no user, so the first one drawn is still waiting.
  await sale.admin("POST", `/concerts/${concertId}/queue/pause`);
  await page.getByRole("heading", { name: "The line is paused" }).waitFor({ timeout: 25_000 });
  await page
    .getByText(/^(No one is|\d (person|people)) ahead of you/)
    .first()
    .waitFor();
  const button = page.getByRole("button", { name: "Check the draw in this browser" });
  await page.getByText("Check the draw in this browser").waitFor({ state: "attached" });
  // The draw renders the page again, which may close the details.
  await assert.doesNotReject(async () => {
    for (let tries = 0; tries < 10; tries += 1) {
      if (!(await button.isVisible())) await page.getByText("How is the order drawn?").click();
      const clicked = await button.click({ timeout: 1_000 }).then(
        () => true,
        () => false,
      );
      if (clicked) return;
    }
    throw new Error("the button stays hidden");
  });
  await page.getByText("The seed matches the fingerprint.").waitFor();
  await page.getByText("this browser saw before the draw.").waitFor();
  await page.getByText("The published list is complete and in order.").waitFor();
  await page.getByText(/^✓ Your number is \d+: place [1-7] of the draw/).waitFor();
  await inspect(visitor, "a draw that was checked");
  await visitor.close();
});
