import assert from "node:assert/strict";

/** The records of a file, read by RFC 4180, each by the names of the first line. */
export const recordsOf = (text: string): Record<string, string>[] => {
  assert.ok(text.endsWith("\r\n"), "the last line ends");
  const cells = text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g);
  const lines: string[][] = [[]];
  let readTo = 0;
  for (const [whole, quoted, bare = "", end] of cells) {
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === "\r\n") lines.push([]);
    readTo += whole.length;
  }
  assert.equal(readTo, text.length, "every character belongs to a cell");
  const [head = [], ...rest] = lines.slice(0, -1);
  return rest.map((line) => {
    assert.equal(line.length, head.length);
    return Object.fromEntries(head.map((name, n) => [name, line[n] ?? ""]));
  });
};

type Records = readonly Readonly<Record<string, string>>[];

const sumOf = (records: Records, column: string): number =>
  records.reduce((sum, it) => sum + Number(it[column]), 0);

/**
 * Compares the payments of a concert with its ledger, to the unit and for each buyer: what was paid, refunded and kept as
 * fees. Returns the sums.
 */
export const agreed = (payments: Records, ledger: Records) => {
  // The side of the users; the other side is the revenue.
  const ofUsers = ledger.filter((it) => ["WALLET", "PAYABLE"].includes(it["account"] ?? ""));
  const buyers = new Set([...payments, ...ofUsers].map((it) => it["userId"]));
  for (const buyer of buyers) {
    const paid = payments.filter((it) => it["userId"] === buyer);
    const entries = ofUsers.filter((it) => it["userId"] === buyer);
    const booked = (type: string): number =>
      sumOf(
        entries.filter((it) => it["type"] === type),
        "amount",
      );
    assert.deepEqual(
      [sumOf(paid, "amount"), sumOf(paid, "refunded"), sumOf(paid, "fees")],
      [0 - booked("PAYMENT"), booked("REFUND"), 0 - booked("FEE")],
      `buyer ${buyer}`,
    );
  }
  const sums = {
    amount: sumOf(payments, "amount"),
    refunded: sumOf(payments, "refunded"),
    fees: sumOf(payments, "fees"),
  };
  const revenue = ledger.filter((it) => it["account"] === "REVENUE");
  assert.equal(sumOf(revenue, "amount"), sums.amount - sums.refunded + sums.fees);
  assert.equal(sumOf(ledger, "amount"), 0);
  return sums;
};
