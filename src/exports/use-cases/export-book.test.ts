import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { ExportNote, LedgerRecord } from "../domain/books.ts";
import type { Books } from "../ports/books.ts";
import { exportBook } from "./export-book.ts";

const concertId = toId<"concert">("0190a1b2-0000-7000-8000-00000000000a");
const userId = toId<"user">("0190a1b2-0000-7000-8000-00000000000b");
const note: ExportNote = { actor: "box office", concertId, book: "ledger" };
const plan = { seatsTotal: 0, focus: { x: 0, y: 0 }, sections: [] };

const entryOf = (entryNo: number): LedgerRecord => ({
  entryNo,
  entryId: toId("0190a1b2-0000-7000-8000-00000000000c"),
  transferId: toId("0190a1b2-0000-7000-8000-00000000000d"),
  type: "PAYMENT",
  account: "WALLET",
  userId,
  amount: -1_000,
  balance: 500,
  createdAtMs: Date.parse("2026-11-22T10:00:00Z"),
});
const textOf = (entryNo: number): string =>
  `${entryNo},0190a1b2-0000-7000-8000-00000000000c,0190a1b2-0000-7000-8000-00000000000d,PAYMENT,WALLET,${userId},-1000,500,2026-11-22T10:00:00.000Z\r\n`;
const head = "\uFEFFentryNo,entryId,transferId,type,account,userId,amount,balance,createdAt\r\n";

const exporting = (parts: () => AsyncGenerator<readonly LedgerRecord[], void, undefined>) => {
  const noted: ExportNote[] = [];
  const books = {
    read: parts,
    note: async (one: ExportNote) => void noted.push(one),
  } as unknown as Books;
  const plans = { find: async (id: string) => (id === concertId ? plan : null) };
  return { noted, books, plans, export: exportBook({ books, plans }) };
};

const fileOf = async (it: ReturnType<typeof exporting>) => {
  const outcome = await it.export(note);
  return outcome.kind === "file" ? outcome.file : assert.fail(outcome.kind);
};

test("a file has its head once, then a record for each entry, and is in the audit trail before it leaves", async () => {
  const it = exporting(async function* () {
    yield [entryOf(1), entryOf(2)];
    yield [entryOf(3)];
  });
  const file = await fileOf(it);
  assert.deepEqual(it.noted, [note]);
  const parts: string[] = [];
  for await (const part of file) parts.push(part);
  assert.deepEqual(parts, [head + textOf(1) + textOf(2), textOf(3)]);
});

test("the file of an empty book is its head", async () => {
  const file = await fileOf(exporting(async function* () {}));
  const parts: string[] = [];
  for await (const part of file) parts.push(part);
  assert.deepEqual(parts, [head]);
});

test("an export of an unknown concert reads nothing and is not noted", async () => {
  const it = exporting(() => assert.fail("read"));
  const other = { ...note, concertId: toId<"concert">("0190a1b2-0000-7000-8000-0000000000ff") };
  assert.deepEqual(await it.export(other), { kind: "concert-not-found" });
  assert.deepEqual(it.noted, []);
});

test("a store that is away before the first part is a refusal, and later the file fails", async () => {
  const away = new Unavailable("away");
  const failing = (count: number) =>
    exporting(async function* () {
      for (let part = 0; part < count; part += 1) yield [entryOf(part)];
      throw away;
    });
  const atOnce = failing(0);
  await assert.rejects(atOnce.export(note), Unavailable);
  assert.deepEqual(atOnce.noted, []);
  const file = await fileOf(failing(2));
  const read = async (): Promise<void> => {
    for await (const part of file) assert.ok(part !== "");
  };
  await assert.rejects(read(), Unavailable);
});

test("a part is read only when the client takes it, and a client that leaves ends the reading", async () => {
  const seen = { read: 0, ended: 0 };
  const it = exporting(async function* () {
    try {
      for (;;) {
        seen.read += 1;
        yield [entryOf(seen.read)];
      }
    } finally {
      seen.ended += 1;
    }
  });
  const iterator = (await fileOf(it))[Symbol.asyncIterator]();
  await iterator.next();
  assert.equal(seen.read, 1);
  await iterator.next();
  assert.equal(seen.read, 2);
  await iterator.return?.();
  assert.equal(seen.ended, 1);
  await (await fileOf(it))[Symbol.asyncIterator]().return?.();
  assert.equal(seen.ended, 2, "a file that is never sent ends too");
});

test("an export that cannot be noted ends its reading and does not leave", async () => {
  let ended = 0;
  const it = exporting(async function* () {
    try {
      yield [entryOf(1)];
    } finally {
      ended += 1;
    }
  });
  const books = { ...it.books, note: () => Promise.reject(new Unavailable("away")) };
  await assert.rejects(exportBook({ books, plans: it.plans })(note), Unavailable);
  assert.equal(ended, 1);
});
