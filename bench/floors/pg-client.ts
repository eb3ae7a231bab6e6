import pg from "pg";

// One statement a transaction over some connections with `pg`, as a process of its own: the floor of
// the rows that write, where there is no pgbench. Told its order over the IPC channel.

export interface PgOrder {
  readonly url: string;
  readonly text: string;
  readonly connections: number;
  readonly durationMs: number;
  readonly from: number;
}

export interface PgReport {
  readonly transactions: number;
  readonly elapsedMs: number;
}

const run = async (order: PgOrder): Promise<PgReport> => {
  const clients = Array.from(
    { length: order.connections },
    () => new pg.Client({ connectionString: order.url }),
  );
  await Promise.all(clients.map((client) => client.connect()));
  const startMs = performance.now();
  let next = order.from;
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() - startMs < order.durationMs) {
        const values = [next];
        next += 1;
        await client.query({ name: "floor", text: order.text, values });
      }
    }),
  );
  const elapsedMs = performance.now() - startMs;
  await Promise.all(clients.map((client) => client.end()));
  return { transactions: next - order.from, elapsedMs };
};

process.on("message", (order: PgOrder) => {
  run(order).then(
    (report) => process.send?.({ report }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
