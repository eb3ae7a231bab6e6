import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

// The floor of the streams' row: a node:http server that keeps every answer open and writes the same
// event to all of them when it is told to. It is told over the IPC channel and says its port.

export interface CannedStream {
  /** Names and values in turn, without those that node:http adds by itself. */
  readonly headers: readonly string[];
  readonly event: string;
}

const open = new Set<ServerResponse>();
let canned: CannedStream = { headers: [], event: "" };

const server = createServer((_request, response) => {
  response.writeHead(200, [...canned.headers]);
  response.write(canned.event);
  open.add(response);
  response.on("close", () => open.delete(response));
});

process.on("message", (message: CannedStream | "write") => {
  if (message === "write") {
    for (const response of open) response.write(canned.event);
    return;
  }
  canned = message;
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
process.send?.({ ready: true });
