import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "#platform/http/route.ts";
import { newConcert } from "../../../contracts/queue-store.contract.ts";
import type { DrawnPlace } from "../../domain/draw-value.ts";
import type { QueueSchedule } from "../../../admission/ports/sales.ts";
import { readDraw, readWholeDraw } from "../../use-cases/read-draw.ts";
import { drawRoutes } from "./draw-routes.ts";

const concertId = newConcert();
const places: readonly DrawnPlace[] = Array.from({ length: 2_100 }, (_, drawValue) => ({
  drawValue,
  userHash: drawValue.toString(16).padStart(64, "0"),
}));

const scene = (mode: "fifo" | "lottery" | null, entrants: number | null) => {
  const draw = entrants === null ? null : { drawnAtMs: 1, entrants, entrantsDigest: "ab" };
  const schedule = { policy: { mode }, draw } as unknown as QueueSchedule;
  const reading = {
    sales: { find: async () => (mode === null ? null : schedule) },
    draws: {
      // At most 1,000 places a page, as in the database.
      list: async (_: unknown, from: number, count: number) =>
        places.slice(from, Math.min(from + count, (Math.floor(from / 1_000) + 1) * 1_000)),
    },
  };
  const routes = drawRoutes({ read: readDraw(reading), file: readWholeDraw(reading) });
  return async (operationId: string, query: object = {}): Promise<Answer> => {
    const route = routes.find((one) => one.operationId === operationId) ?? assert.fail();
    return route.handle({ params: { concertId }, query } as never);
  };
};

const success = (answer: Answer) => ("problem" in answer ? assert.fail(answer.problem) : answer);
const textOf = async (answer: Answer): Promise<string> => {
  let text = "";
  for await (const part of success(answer).stream ?? []) text += part;
  return text;
};

test("a finished draw is listed page by page and cached as immutable", async () => {
  const call = scene("lottery", 2_100);
  const seen: DrawnPlace[] = [];
  let cursor: string | null = null;
  do {
    const query: object = { limit: "90", ...(cursor === null ? {} : { cursor }) };
    const { body, headers } = success(await call("listDraw", query)) as {
      body: { items: DrawnPlace[]; nextCursor: string | null };
      headers: object;
    };
    assert.deepEqual(headers, { "Cache-Control": "public, max-age=31536000, immutable" });
    assert.ok(body.items.length <= 90);
    seen.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== null);
  assert.deepEqual(seen, places);
});

test("a cursor past the end gives an empty page; a cursor of another list is refused", async () => {
  const call = scene("lottery", 2_100);
  const { body } = success(await call("listDraw", { cursor: "2100" }));
  assert.deepEqual(body, { items: [], nextCursor: null });
  for (const cursor of ["x", "0", "-1", "1.5", "9999999999"]) {
    const answer = await call("listDraw", { cursor });
    assert.equal("problem" in answer && answer.problem, "INVALID_REQUEST");
  }
});

test("the file has one line of text for each place", async () => {
  const answer = await scene("lottery", 2_100)("downloadDraw");
  const { headers } = success(answer);
  assert.equal(headers?.["Content-Type"], "text/plain; charset=utf-8");
  assert.match(headers["Cache-Control"] ?? "", /immutable/);
  const lines = places.map(({ drawValue, userHash }) => `${drawValue} ${userHash}\n`);
  assert.equal(await textOf(answer), lines.join(""));
});

test("a stored draw that ends before its last entrant fails, in the file and in the list", async () => {
  const call = scene("lottery", 2_200);
  await assert.rejects(textOf(await call("downloadDraw")), /ends before place 2101 of 2200/);
  await assert.rejects(call("listDraw", { cursor: "2100" }), /ends before place 2101 of 2200/);
});

test("before the draw, the list and the file are empty and cached for a second", async () => {
  const call = scene("lottery", null);
  const list = success(await call("listDraw"));
  assert.deepEqual(list.body, { items: [], nextCursor: null });
  const file = success(await call("downloadDraw"));
  for (const { headers } of [list, file]) {
    assert.equal(headers?.["Cache-Control"], "public, max-age=1");
  }
  assert.equal(await textOf(file), "");
});

test("the draw of an empty lobby is an empty list", async () => {
  const call = scene("lottery", 0);
  assert.deepEqual(success(await call("listDraw")).body, { items: [], nextCursor: null });
});

test("a fifo queue and an unknown concert have no draw", async () => {
  for (const operationId of ["listDraw", "downloadDraw"]) {
    const fifo = await scene("fifo", null)(operationId);
    assert.equal("problem" in fifo && fifo.problem, "NOT_FOUND");
    const unknown = await scene(null, null)(operationId);
    assert.equal("problem" in unknown && unknown.problem, "CONCERT_NOT_FOUND");
  }
});
