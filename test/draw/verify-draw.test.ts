import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { digestOf, drawValueOf, userHashOf } from "../../tools/verify-draw/draw.ts";

// The command, against a server that publishes what it is told to.

const concertId = randomUUID();
const seed = "c0de".repeat(16);
const userIds = Array.from({ length: 250 }, () => randomUUID());
const commitment = createHash("sha256").update(Buffer.from(seed, "hex")).digest("hex");
const items = userIds
  .map((id) => ({ drawValue: drawValueOf(seed, id), userHash: userHashOf(id) }))
  .sort((a, b) => a.drawValue - b.drawValue);
const honest = {
  commitment,
  seed,
  drawnAt: "2026-11-22T10:00:00.000Z",
  entrants: userIds.length,
  entrantsDigest: digestOf(userIds.map(userHashOf)),
};

let draw: object | null = honest;
let list: readonly unknown[] = items;
let file: string | null = null;
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
  const at = `/api/v1/concerts/${concertId}/queue`;
  const from = Number(searchParams.get("cursor") ?? 0);
  const limit = Number(searchParams.get("limit") ?? 20);
  const next = from + limit < list.length ? String(from + limit) : null;
  response.setHeader("content-type", "application/json");
  if (pathname === at) response.end(JSON.stringify({ concertId, draw }));
  else if (pathname === `${at}/draw/file` && file !== null) response.end(file);
  else if (pathname === `${at}/draw`)
    response.end(JSON.stringify({ items: list.slice(from, from + limit), nextCursor: next }));
  else response.writeHead(404).end(`{"code":"CONCERT_NOT_FOUND"}`);
});
let url = "";
const folder = mkdtempSync(join(tmpdir(), "verify-draw-"));

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const script = new URL("../../tools/verify-draw.ts", import.meta.url).pathname;
const run = (...words: string[]): Promise<{ code: number; said: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [script, ...words], (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, said: out + err });
    });
  });

test("an honest draw is found in order through all of its pages, with the user's place", async () => {
  const me = String(userIds[3]);
  const ids = join(folder, "ids");
  writeFileSync(ids, userIds.join("\n"));
  const { code, said } = await run(
    `${url}/`,
    concertId,
    "--user",
    me,
    "--commitment",
    commitment,
    "--users",
    ids,
  );
  assert.equal(code, 0, said);
  const place = 1 + items.findIndex(({ userHash }) => userHash === userHashOf(me));
  assert.match(said, new RegExp(`the place ${place} of 250`));
  assert.doesNotMatch(said, /^(FAILS|open)/m);
});

test("a list in one file is checked like a list in pages", async () => {
  const lines = items.map(({ drawValue, userHash }) => `${drawValue} ${userHash}\n`);
  file = lines.join("");
  const honestly = await run(url, concertId, "--user", String(userIds[3]));
  file = lines.slice(1).join("");
  const short = await run(url, concertId);
  file = "nonsense\n";
  const broken = await run(url, concertId);
  file = null;
  assert.deepEqual([honestly.code, short.code, broken.code], [0, 1, 2]);
  assert.match(broken.said, /a line that is not a place/);
});

test("a question that cannot be answered is printed as open and is no failure", async () => {
  const { code, said } = await run(url, concertId);
  assert.equal(code, 0, said);
  assert.match(said, /^open {2}/m);
});

test("a draw that was tampered with fails", async () => {
  list = items.slice(1);
  const { code, said } = await run(url, concertId);
  list = items;
  assert.equal(code, 1, said);
  assert.match(said, /^FAILS /m);
});

test("before the draw there is a commitment to note, and nothing to check", async () => {
  draw = { commitment, seed: null, drawnAt: null, entrants: null, entrantsDigest: null };
  const early = await run(url, concertId);
  draw = null;
  const fifo = await run(url, concertId);
  draw = honest;
  assert.deepEqual([early.code, fifo.code], [2, 2]);
  assert.ok(early.said.includes(commitment), early.said);
  assert.match(fifo.said, /order of arrival/);
});

test("without a server, a concert or an argument it says what is wrong", async () => {
  for (const [words, said] of [
    [["http://127.0.0.1:9", concertId], /does not answer/],
    [[url, randomUUID()], /answers 404/],
    [[url], /URL CONCERT/],
    [[url, concertId, "--what"], /--what/],
    [["nonsense", concertId], /URL/],
  ] as const) {
    const outcome = await run(...words);
    assert.equal(outcome.code, 2, outcome.said);
    assert.match(outcome.said, said);
  }
});
