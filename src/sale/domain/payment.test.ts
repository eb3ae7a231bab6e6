import assert from "node:assert/strict";
import { it } from "node:test";
import { concert, date, idOf, mintFrom, reservationWith } from "#test/support/batch.ts";
import { makeTickets } from "./payment.ts";

it("a payment makes one ticket a seat, each with its own id", () => {
  assert.deepEqual(makeTickets(reservationWith({ seatNumbers: [3, 4] }), mintFrom(10)), [
    { ticketId: idOf(11), concertId: concert, date, seatNumber: 3 },
    { ticketId: idOf(12), concertId: concert, date, seatNumber: 4 },
  ]);
});
