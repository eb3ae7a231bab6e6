import assert from "node:assert/strict";
import { test } from "node:test";
import { bestConnections, parsePgbench, type FloorRun } from "./database-floor.ts";

const printed = `pgbench (15.18, server 18.4)
number of transactions actually processed: 7100
number of failed transactions: 0 (0.000%)
latency average = 8.410 ms
initial connection time = 95.871 ms
tps = 3804.991506 (without initial connection time)
`;

test("pgbench's own count and rate are read", () => {
  assert.deepEqual(parsePgbench(printed), { transactions: 7_100, perSecond: 3_804.991506 });
});

test("failed transactions and unknown output are no figures", () => {
  assert.throws(() =>
    parsePgbench(printed.replace("failed transactions: 0", "failed transactions: 3")),
  );
  assert.throws(() => parsePgbench("pgbench: error: connection refused"));
});

test("the fastest number of connections is taken", async () => {
  const speeds = new Map([
    [8, 10],
    [16, 30],
    [32, 20],
  ]);
  const floor = {
    client: "pg" as const,
    stock: () => Promise.resolve(),
    run: (connections: number): Promise<FloorRun> => {
      const perSecond = speeds.get(connections) ?? 0;
      return Promise.resolve({ connections, transactions: 1, perSecond, databaseUs: 0, idle: 0 });
    },
  };
  const { best, tried } = await bestConnections(floor, [8, 16, 32], 1);
  assert.equal(best, 16);
  assert.equal(tried.length, 3);
});
