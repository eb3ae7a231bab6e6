import assert from "node:assert/strict";
import { test } from "node:test";
import { orderStatusAt, type OrderStatus } from "./order.ts";

test("an order reads EXPIRED from the end of its hold on, and an order that is not HELD never", () => {
  const table: [OrderStatus, number, OrderStatus][] = [
    ["HELD", 101, "HELD"],
    ["HELD", 100, "EXPIRED"],
    ["HELD", 99, "EXPIRED"],
    ["PAID", 99, "PAID"],
    ["CANCELLED", 99, "CANCELLED"],
    ["REFUNDED", 99, "REFUNDED"],
    ["EXPIRED", 101, "EXPIRED"],
  ];
  for (const [status, expiresAtMs, reads] of table)
    assert.equal(orderStatusAt({ status, expiresAtMs }, 100), reads, `${status} ${expiresAtMs}`);
});
