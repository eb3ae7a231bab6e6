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

/**
 * `body` has a character for each byte. node:http joins the headers and a string to one write, but sends a Buffer as the
 * second part of a `writev`. It copies these characters as they are; those of UTF-8 it would have to encode.
 */
let answer: { status: number; headers: string[]; body: string } = {
  status: 204,
  headers: [],
  body: "",
};

// A request without a body gets a stream that has ended already, instead of one that is read to its end.
const options = { keepAliveTimeout: 60_000, optimizeEmptyRequests: true };

const server = createServer(options, (_request, response) => {
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body, "latin1");
});

process.on("message", (canned: CannedAnswer) => {
  answer = {
    status: canned.status,
    headers: [...canned.headers],
    body: Buffer.from(canned.body, "utf8").toString("latin1"),
  };
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
process.send?.({ ready: true });
