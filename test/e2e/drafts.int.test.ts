import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { refused, succeeded, type Answer } from "#test/support/client.ts";
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

test("a double click creates one concert: the key repeats the first answer, also after changes", async () => {
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
  // A busy machine may answer 503 first; the same key then tells.
  const create = async (on: number): Promise<Answer> => {
    const { value } = await eventually("the answer to the key", async () => {
      const answer = await sale.call({ ...asked, on });
      return answer.status === 503 ? undefined : answer;
    });
    return value;
  };
  const answers = await Promise.all([0, 1, 0, 1].map(create));
  for (const answer of answers) succeeded(answer, 201);
  assert.equal(new Set(answers.map(({ body }) => idOf(body))).size, 1);
  const isReplayed = ({ headers }: Answer): boolean => headers["idempotent-replayed"] === "true";
  assert.ok(answers.filter(isReplayed).length >= 3);
  const [first] = answers;
  for (const { body } of answers) assert.deepEqual(body, first?.body);
  await eventually("the sale is paused", async () => {
    const { status } = await sale.admin("POST", `/concerts/${idOf(first?.body)}/queue/pause`);
    return status === 200 ? true : undefined;
  });
  assert.deepEqual((await create(1)).body, first?.body);
  refused(
    await sale.call({ ...asked, body: { ...concert, title: "Another" } }),
    "IDEMPOTENCY_KEY_REUSED",
  );
  const { body } = await sale.admin("GET", "/concerts");
  assert.equal(titles(body).length, 1);
});
