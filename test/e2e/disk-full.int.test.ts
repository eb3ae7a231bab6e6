import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { after, test } from "node:test";
import { startPostgres } from "../../scripts/stores/postgres.ts";
import { refused, verdict, type Answer } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import { ownPostgres } from "#test/support/own-postgres.ts";
import { dateIn, openSale, type Fan } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { mountSmallDisk } from "#test/support/small-disk.ts";
import { eventually, mapConcurrently } from "#test/support/concurrency.ts";
import { assertInTime } from "#test/support/load.ts";

// Goal: PostgreSQL's disk is full. Each answered effect is kept, and none is answered that is not kept.
// Once there is room, and PostgreSQL runs again if it had to stop, all goes on by itself. Where this user
// may mount, the disk is a real one; elsewhere a trigger raises the same error.

const folder = join(process.env["TEST_FOLDER"] ?? "", `disk-${process.pid}`);
const disk = mountSmallDisk(folder, 96);
const dataFolder = join(folder, "postgres");
let postgres = await ownPostgres(dataFolder);
const deployment = await startDeployment({ instances: 2 });
after(async () => {
  await deployment[Symbol.asyncDispose]();
  await postgres.stop();
  disk?.close();
});
const sale = openSale(deployment);

/** Makes a trigger raise the error of PostgreSQL for a table that cannot grow. */
const pretend = async (isFull: boolean): Promise<void> => {
  await deployment.sql(`create or replace function disk_is_full() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`);
  const there = await deployment.sql<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public'",
  );
  for (const { name } of there) {
    await deployment.sql(`drop trigger if exists disk_is_full on ${name}`);
    if (isFull)
      await deployment.sql(
        `create trigger disk_is_full before insert or update on ${name} execute function disk_is_full()`,
      );
  }
};

const fill = async (): Promise<void> => (disk === null ? pretend(true) : disk.fill());

/** Makes room, and does what a supervisor does when PostgreSQL has given up. */
const free = async (): Promise<void> => {
  if (disk === null) return pretend(false);
  disk.free();
  await postgres.stop();
  postgres = await startPostgres({ folder: dataFolder, durable: false });
};

test("a full disk: 503 in time for each effect that cannot be kept, no answered effect is lost, and each key has one effect", async (t) => {
  const day = dateIn(20);
  const { concertId } = await sale.onSale({ dates: [{ date: day }] });
  const fans = await sale.allAdmitted(await sale.fans(20, { balance: 1000 }), concertId);
  const charged = new Map<Fan, number>();
  const charges: { fan: Fan; key: string; answer: Answer }[] = [];
  await fill();
  await mapConcurrently(
    Array.from({ length: 400 }, (_, index) => index),
    20,
    async (index) => {
      const fan = fans[index % fans.length] as Fan;
      const key = randomUUID();
      const answer = await sale.charge(fan, 10, { key });
      charges.push({ fan, key, answer });
      if (answer.status === 201) charged.set(fan, (charged.get(fan) ?? 0) + 10);
    },
  );
  await free();

  for (const { answer } of charges) {
    assertInTime(answer);
    if (answer.status !== 201) refused(answer, "UNAVAILABLE");
  }
  const refusals = charges.filter((it) => it.answer.status === 503);
  t.diagnostic(
    `${disk === null ? "pretended" : "a real disk"}: ${refusals.length} of ${charges.length} refused`,
  );
  assert.ok(refusals.length > 0, "the disk was not full");
  for (const { index } of deployment.instances)
    await eventually(`instance ${index} charges again`, async () => {
      const answer = await sale.charge(fans[0] as Fan, 1, { on: index });
      return answer.status === 201 || undefined;
    });
  for (const [fan, amount] of charged)
    assert.ok((await sale.balanceOf(fan)) >= 1000 + amount, "lost");
  await mapConcurrently(charges, 10, async ({ fan, key, answer }) => {
    await eventually(`${verdict(answer)} tells`, async () => {
      const again = await sale.charge(fan, 10, { key });
      return again.status === 201 || undefined;
    });
  });
  for (const fan of fans.slice(1)) {
    const mine = charges.filter((it) => it.fan === fan).length;
    assert.equal(await sale.balanceOf(fan), 1000 + 10 * mine);
  }
  await sweep(deployment.sql);
});
