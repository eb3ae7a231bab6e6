import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { refused, succeeded } from "#test/support/client.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

test("where only the desk charges, a user cannot, and an operator does it once per key", async () => {
  await using deployment = await startDeployment({ instances: 2, env: { CHARGES: "operator" } });
  const sale = openSale(deployment);
  const fan = await sale.fan();
  refused(await sale.charge(fan, 500), "CHARGES_DISABLED");
  assert.equal(await sale.balanceOf(fan), 0);
  const key = randomUUID();
  const path = `/admin/v1/users/${fan.userId}/charges`;
  const body = { amount: 500, reason: "Paid in cash" };
  const desk = { method: "POST", path, body, key, token: deployment.operatorKey };
  const answers = await Promise.all([0, 1, 0, 1].map((on) => sale.call({ ...desk, on })));
  for (const answer of answers.filter(({ status }) => status !== 409)) succeeded(answer, 201);
  succeeded(await sale.call(desk), 201);
  assert.equal(await sale.balanceOf(fan), 500);
  refused(await sale.call({ ...desk, body: { ...body, amount: 501 } }), "IDEMPOTENCY_KEY_REUSED");
  const stranger = { ...desk, path: `/admin/v1/users/${randomUUID()}/charges` };
  refused(await sale.call(stranger), "NOT_FOUND");
  const { items } = (await sale.admin("GET", "/audit")).body as {
    items: { action: string; after: { reason: string } }[];
  };
  const charges = items.filter(({ action }) => action === "balance.charged");
  assert.deepEqual(
    charges.map(({ after }) => after.reason),
    ["Paid in cash"],
  );
});
