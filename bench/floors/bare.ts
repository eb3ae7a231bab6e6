import { fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { nodeArguments } from "../../scripts/start/node-arguments.ts";
import type { CannedAnswer } from "./bare-server.ts";

/** The bare server, in its own process. */
export interface BareServer {
  readonly pid: number;
  readonly port: number;
  close(): Promise<void>;
}

const program = fileURLToPath(new URL("./bare-server.ts", import.meta.url));

/** Starts a bare server that answers everything with these bytes; it ends with this process. */
export const startBareServer = async (canned: CannedAnswer): Promise<BareServer> => {
  const child = fork(program, {
    execArgv: [...nodeArguments],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await once(child, "message");
  child.send(canned);
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return {
    pid: child.pid ?? -1,
    port,
    close: async () => {
      child.disconnect();
      await once(child, "exit");
    },
  };
};

/** node:http writes these itself, in both servers alike. */
const automatic = new Set(["date", "connection", "keep-alive"]);

/** Splits an answer's bytes into what the bare server must be told to send the same. */
export const cannedFrom = (bytes: Buffer): CannedAnswer => {
  const at = bytes.indexOf("\r\n\r\n");
  if (at < 0) throw new Error("an answer without an end of its headers");
  const [statusLine = "", ...lines] = bytes.toString("latin1", 0, at).split("\r\n");
  const headers = lines.flatMap((line) => {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    return automatic.has(name.toLowerCase()) ? [] : [name, line.slice(colon + 1).trim()];
  });
  return {
    status: Number(statusLine.split(" ")[1]),
    headers,
    body: bytes.toString("utf8", at + 4),
  };
};

/** Sends one request on a connection of its own and gives back all bytes of the answer. */
export const sampleAnswer = async (port: number, request: Buffer): Promise<Buffer> => {
  const socket = connect({ host: "127.0.0.1", port });
  socket.setTimeout(10_000, () => socket.destroy(new Error("no answer in 10 s")));
  socket.write(request);
  let bytes: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      bytes = Buffer.concat([bytes, chunk]);
      if (isComplete(bytes)) return bytes;
    }
  } finally {
    socket.destroy();
  }
  throw new Error(`the connection closed within an answer: ${bytes.toString("latin1")}`);
};

const isComplete = (bytes: Buffer): boolean => {
  const at = bytes.indexOf("\r\n\r\n");
  if (at < 0) return false;
  const length = /\r\ncontent-length:\s*(\d+)/i.exec(bytes.toString("latin1", 0, at))?.[1];
  return bytes.length >= at + 4 + Number(length ?? 0);
};
