import assert from "node:assert/strict";
import { test } from "node:test";
import { headOf, type Book } from "./books.ts";

// Programs of operators read the columns by name: one may be added at the end, none renamed or moved.

const published: Readonly<Record<Book, string>> = {
  tickets:
    "ticketId status date startsAt section row name seatNumber grade price currency holderId holderName buyerId paymentId paidAt usedAt gate",
  payments:
    "paymentId reservationId userId userName date seats amount currency paidAt refunded fees",
  ledger: "entryNo entryId transferId type account userId amount balance createdAt",
  queue: "epoch n event userId placeEpoch placeSeq at activeUntil",
};

for (const [book, names] of Object.entries(published) as [Book, string][])
  test(`the columns of the ${book} keep their names and their order`, () => {
    const known = names.split(" ");
    assert.deepEqual(headOf(book).slice(0, known.length), known);
  });
