import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { drawValueOf } from "../../tools/verify-draw/draw.ts";
import { succeeded, type Members } from "#test/support/client.ts";
import { openSale, type Placed } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { eventually, sleep } from "#test/support/concurrency.ts";

// A real draw on two instances, checked with nothing but what the server publishes.

const deployment = await startDeployment({ instances: 2 });
const folder = mkdtempSync(join(tmpdir(), "draw-on-server-"));
after(async () => {
  rmSync(folder, { recursive: true });
  await deployment[Symbol.asyncDispose]();
});
const sale = openSale(deployment);
const script = new URL("../../tools/verify-draw.ts", import.meta.url).pathname;

const verify = (...words: string[]): Promise<{ code: number; said: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [script, ...words], (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, said: out + err });
    });
  });

interface Drawn {
  readonly commitment: string;
  readonly seed: string | null;
  readonly entrants: number | null;
}

const drawOf = async (concertId: string): Promise<Drawn> =>
  succeeded<{ draw: Drawn }>(await sale.call({ path: `/api/v1/concerts/${concertId}/queue` }), 200)
    .draw;

test("the published data of a draw are enough to recompute it, to find each user, and to show tampering", async () => {
  const admitsAtMs = Date.now() + 10_000;
  const { concertId } = await sale.onSale({
    policy: { mode: "lottery", admitsAt: new Date(admitsAtMs).toISOString(), maxActive: 1 },
  });
  const url = deployment.instances[0]?.url ?? assert.fail();
  const before = await drawOf(concertId);
  assert.deepEqual([before.seed, before.entrants], [null, null]);

  const fans = await sale.fans(25);
  const entrants: Placed[] = [];
  for (const fan of fans) entrants.push(await sale.placed(fan, concertId));
  const [leaver, wavering] = entrants;
  assert.ok(leaver && wavering);
  await sale.leave(leaver);
  await sale.leave(wavering);
  entrants[1] = await sale.placed(wavering, concertId);
  assert.ok(Date.now() < admitsAtMs - 200, "the lobby was to be open until here");
  const early = await verify(url, concertId);
  assert.equal(early.code, 2, early.said);
  assert.ok(early.said.includes(before.commitment), early.said);

  await sleep(admitsAtMs - Date.now());
  const { value: drawn } = await eventually("the draw", async () => {
    const draw = await drawOf(concertId);
    return draw.seed === null ? undefined : draw;
  });
  assert.deepEqual([drawn.commitment, drawn.entrants], [before.commitment, 24]);
  const late = await sale.placed(await sale.fan(), concertId);

  const inDraw = entrants.slice(1).map(({ userId }) => userId);
  const file = join(folder, "ids");
  writeFileSync(file, inDraw.join("\n"));
  const known = ["--commitment", before.commitment, "--users", file];
  // The other instance may have answered above; this one learns of the draw a moment later.
  const { value: honest } = await eventually("the draw at the verified instance", async () => {
    const said = await verify(url, concertId, "--user", inDraw[5] ?? "", ...known);
    return said.code === 2 ? undefined : said;
  });
  assert.equal(honest.code, 0, honest.said);
  assert.doesNotMatch(honest.said, /^(FAILS|open)/m);

  const byValue = inDraw.toSorted(
    (a, b) => drawValueOf(drawn.seed ?? "", a) - drawValueOf(drawn.seed ?? "", b),
  );
  const rank = 1 + byValue.indexOf(inDraw[5] ?? "");
  assert.match(honest.said, new RegExp(`the place ${rank} of 24`));

  for (const userId of [leaver.userId, late.userId]) {
    const absent = await verify(url, concertId, "--user", userId);
    assert.equal(absent.code, 1, absent.said);
    assert.match(absent.said, /is NOT on the list/);
  }

  const place = entrants[5 + 1] ?? assert.fail();
  const { places } = succeeded<{ places: { events: Members[] }[] }>(
    await sale.admin("GET", `/concerts/${concertId}/places/${place.userId}`),
    200,
  );
  const drawnEvent = places[0]?.events.find(({ event }) => event === "DRAWN");
  assert.deepEqual([drawnEvent?.["rank"], drawnEvent?.["entrants"]], [rank, 24]);
});
