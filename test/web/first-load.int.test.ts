import assert from "node:assert/strict";
import { createServer, request as ask } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { faultsOf, openBrowser, openVisitor } from "#test/support/browser.ts";
import { signUpAt } from "#test/support/fan-at-browser.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// The waiting page, which all fans load in the same minute: its weight, and its behaviour under load.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";
const bytesMax = 15_000;
/** With the form of a fan who comes first, and the facts of the concert. */
const bytesOfFormMax = 28_000;

interface LoadedFile {
  readonly url: string;
  readonly bytes: number;
}

/** Lists the files that a page loads, with the bytes that the network carried: compressed, without headers. */
const filesOf = async (page: Page): Promise<LoadedFile[]> => {
  const wire = await page.context().newCDPSession(page);
  await wire.send("Network.enable");
  await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
  const files: LoadedFile[] = [];
  wire.on("Network.responseReceived", ({ response: { url: address, headers } }) => {
    // The protocol reports no received bytes of a document, so the server's header counts.
    const bytes = Number(headers["content-length"] ?? headers["Content-Length"]);
    if (!address.includes("/api/")) files.push({ url: address, bytes });
  });
  return files;
};

/** Asserts that something was weighed, and returns the sum. */
const sumOf = (files: readonly LoadedFile[]): number => {
  assert.ok(files.length >= 4, "something was not counted");
  for (const { bytes, url: address } of files) {
    assert.ok(bytes > 0, `${address} was not weighed`);
    assert.ok(address.startsWith(url), address);
  }
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
};

const weigh = async (locale: string, concertId: string) => {
  const visitor = await openVisitor(browser, url, { locale });
  const { page, context } = visitor;
  await page.goto("/");
  const fan = await sale.fan();
  const session = JSON.stringify({ ...fan, name: "Kim" });
  await page.evaluate(`localStorage.setItem("frontrow.session", ${JSON.stringify(session)})`);
  const placed = await sale.placed(fan, concertId);
  const kept = { token: placed.queueToken, initialAhead: null, isOver: false };
  await page.evaluate(
    `localStorage.setItem("frontrow.@${fan.userId}/place.${concertId}", ${JSON.stringify(JSON.stringify(kept))})`,
  );
  const weighed = await context.newPage();
  // The page loads its other parts at a random moment; here, at the latest one.
  await weighed.addInitScript("Math.random = () => 0.999");
  const files = await filesOf(weighed);
  await weighed.goto(`/concerts/${concertId}`);
  await weighed.getByRole("button", { name: /Leave the line|줄에서 나가기/ }).waitFor();
  await visitor.close();
  return files;
};

for (const locale of ["ko-KR", "en-GB"]) {
  test(`the waiting page loads at most 15 kB until it is shown, in ${locale}`, async (t) => {
    const { concertId } = await sale.onSale({ policy: { maxActive: 1 } });
    await sale.admitted(await sale.fan(), concertId);
    const files = await weigh(locale, concertId);
    const bytes = sumOf(files);
    t.diagnostic(`${bytes} bytes in ${files.length} files`);
    assert.ok(bytes > 5_000, "nothing was counted");
    assert.ok(bytes <= bytesMax, JSON.stringify(files, null, 1));
  });
}

// page | a file that its first form needs
const forms = [
  [(id: string) => `/concerts/${id}`, /\/outside-[-\w]+\.js$/, "Your name"],
  [() => "/me", /\/inside-[-\w]+\.js$/, "Recovery code"],
] as const;
for (const [pathOf, file, label] of forms) {
  test(`the files of the form "${label}" come side by side with the texts, and are small`, async (t) => {
    const { concertId } = await sale.onSale();
    const visitor = await openVisitor(browser, url);
    const { page } = visitor;
    const files = await filesOf(page);
    const asked = page.waitForRequest(file);
    // On a slow connection each file that waits for another costs a round trip; here it would cost the test.
    await page.route(/\/en-[-\w]+\.js$/, async (route) => {
      await asked;
      await route.continue();
    });
    await page.goto(pathOf(concertId));
    await page.getByLabel(label).waitFor();
    const bytes = sumOf(files);
    t.diagnostic(`${bytes} bytes in ${files.length} files`);
    if (label === "Your name") assert.ok(bytes <= bytesOfFormMax, JSON.stringify(files, null, 1));
    assert.deepEqual(visitor.consoleErrors, []);
    await visitor.close();
  });
}

/** A proxy in front of the server that refuses some paths as a server under load does. */
const shedder = async (isShed: (path: string) => boolean) => {
  const server = createServer((incoming, outgoing) => {
    const { url: path = "/", method, headers } = incoming;
    if (isShed(path)) {
      const problem = { type: "about:blank", title: "Busy", status: 503, code: "UNAVAILABLE" };
      outgoing.writeHead(503, { "content-type": "application/problem+json", "retry-after": "1" });
      outgoing.end(JSON.stringify(problem));
      return;
    }
    const onward = ask(new URL(path, url), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
};

test("while the server sheds load the page says so, repeats its requests, and loses nothing", async (t) => {
  const { concertId } = await sale.onSale({ policy: { maxActive: 1 } });
  await sale.admitted(await sale.fan(), concertId);
  let isBusy = true;
  const front = await shedder((path) => isBusy && path.startsWith("/api/"));
  t.after(front.close);
  const visitor = await openVisitor(browser, front.url);
  t.after(visitor.close);
  const { page } = visitor;
  await page.goto(`/concerts/${concertId}`);
  await page.getByText("The server is busy").waitFor();
  assert.deepEqual(await faultsOf(page), []);
  isBusy = false;
  await signUpAt(page, concertId);
  await page.getByText("No one is ahead of you").first().waitFor();
  isBusy = true;
  await page.reload();
  await page.getByText("The server is busy").waitFor();
  isBusy = false;
  await page.getByText("No one is ahead of you").first().waitFor();
  await page.getByText("The server is busy").waitFor({ state: "detached" });
  assert.deepEqual(visitor.consoleErrors, []);
});
