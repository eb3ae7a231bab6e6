import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

// The floor of every HTTP row: a node:http server that does nothing but send a given answer. It is
// told the answer over the IPC channel and says its port.

export interface CannedAnswer {
  readonly status: number;
  /** Names and values in turn, without those that node:http adds by itself. */
  readonly headers: readonly string[];
  readonly body: string;
}

let answer: { status: number; headers: string[]; body: Buffer } = {
  status: 204,
  headers: [],
  body: Buffer.alloc(0),
};

const server = createServer({ keepAliveTimeout: 60_000 }, (_request, response) => {
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
});

process.on("message", (canned: CannedAnswer) => {
  answer = {
    status: canned.status,
    headers: [...canned.headers],
    body: Buffer.from(canned.body, "utf8"),
  };
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
process.send?.({ ready: true });
