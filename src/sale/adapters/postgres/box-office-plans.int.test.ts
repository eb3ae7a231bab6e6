import assert from "node:assert/strict";
import { it } from "node:test";
import { newId, openSaleFixture } from "#test/support/box-office.ts";
import { eventually, times } from "#test/support/concurrency.ts";

const buyers = 40;

it("a batch reads the holds of its own buyers only, also by plans made before the first hold", async () => {
  await using sale = await openSaleFixture();
  await sale.sql("analyze reservation");
  for (const seatNumber of times(buyers, (n) => n + 1))
    await sale.held(newId<"user">(), [seatNumber]);
  // PostgreSQL counts what a connection has read once the connection has been idle for a while.
  const { value } = await eventually("the indexes' use is counted", async () => {
    const rows = await sale.sql<{ name: string; scans: number; read: number }>(
      `select indexrelname as name, idx_scan as scans, idx_tup_read as read
       from pg_stat_user_indexes where relname = 'reservation'`,
    );
    const scans = rows.reduce((sum, one) => sum + one.scans, 0);
    return scans >= 2 * buyers ? rows : undefined;
  });
  const read = value.reduce((sum, one) => sum + one.read, 0);
  assert.ok(read <= 2 * buyers, JSON.stringify(value));
});
