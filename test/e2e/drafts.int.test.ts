import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { refused, succeeded } from "#test/support/client.ts";
import { dateIn, openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { eventually } from "#test/support/concurrency.ts";

const concert = { title: "Secret Night", dates: [{ date: dateIn(30) }], price: 1_000 };
const idOf = (body: unknown): string => (body as { concertId: string }).concertId;
const titles = (body: unknown): string[] =>
  (body as { items: { title: string }[] }).items.map(({ title }) => title);

test("a draft is for operators only until its publication, on every instance", async () => {
  await using deployment = await startDeployment({ instances: 2 });
  const sale = openSale(deployment);
  const publishedAt = new Date(Date.now() + 20_000).toISOString();
  const created = await sale.admin("POST", "/concerts", { ...concert, publishedAt });
  const concertId = idOf(succeeded(created, 201));
  const user = await sale.fan();
  const api = `/api/v1/concerts/${concertId}`;
  for (const on of [0, 1]) {
    const paths = [api, `${api}/queue`, `${api}/queue/draw`];
    for (const path of paths) refused(await sale.call({ path, on }), "CONCERT_NOT_FOUND");
    refused(await sale.join(user, concertId, on), "CONCERT_NOT_FOUND");
    assert.deepEqual(titles((await sale.call({ path: "/api/v1/concerts", on })).body), []);
    const seen = await sale.admin("GET", "/concerts", undefined, on);
    assert.deepEqual(titles(seen.body), ["Secret Night"]);
    const read = await sale.admin("GET", `/concerts/${concertId}`, undefined, on);
    assert.equal(succeeded<{ queue: { state: string } }>(read, 200).queue.state, "SCHEDULED");
  }
  for (const on of [0, 1])
    await eventually(`instance ${on} shows the concert`, async () =>
      (await sale.call({ path: api, on })).status === 200 ? true : undefined,
    );
  assert.deepEqual(titles((await sale.call({ path: "/api/v1/concerts" })).body), ["Secret Night"]);
});

test("a double click creates one concert: the key answers the same one again", async () => {
  await using deployment = await startDeployment({ instances: 2 });
  const sale = openSale(deployment);
  const key = randomUUID();
  const asked = {
    method: "POST",
    path: "/admin/v1/concerts",
    body: concert,
    key,
    token: deployment.operatorKey,
  };
  const answers = await Promise.all([0, 1, 0, 1].map((on) => sale.call({ ...asked, on })));
  for (const answer of answers) succeeded(answer, 201);
  assert.equal(new Set(answers.map(({ body }) => idOf(body))).size, 1);
  assert.equal(
    answers.filter(({ headers }) => headers["idempotent-replayed"] === "true").length,
    3,
  );
  refused(
    await sale.call({ ...asked, body: { ...concert, title: "Another" } }),
    "IDEMPOTENCY_KEY_REUSED",
  );
  const { body } = await sale.admin("GET", "/concerts");
  assert.equal(titles(body).length, 1);
});
