import assert from "node:assert/strict";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { sampleServer } from "#test/support/sample-server.ts";

const sample = await sampleServer();
after(() => sample.server.close());
await sample.server.listen({ port: 0, host: "127.0.0.1" });
const { port } = sample.server.server.address() as AddressInfo;

const MiB = 1024 * 1024;

/** Sends a head and a body in pieces, waits for each to be taken, and reads the answer only afterwards. */
const sendAll = (head: readonly string[], piece: Buffer, pieces: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", reject);
    const send = (left: number): void => {
      if (left > 0) socket.write(piece, (error) => (error ? reject(error) : send(left - 1)));
      else {
        let text = "";
        socket.on("data", (chunk) => (text += String(chunk)));
        socket.on("close", () => resolve(text)).resume();
      }
    };
    const lines = ["POST /api/v1/users HTTP/1.1", "Host: x", "Content-Type: application/json"];
    socket.pause();
    socket.write([...lines, ...head, "", ""].join("\r\n"), () => send(pieces));
  });

const refused = (text: string): void => {
  assert.match(text, /^HTTP\/1\.1 413 /);
  assert.match(text, /"code":"PAYLOAD_TOO_LARGE"/);
};

test("a client that sends 8 MiB before it reads gets its 413", async () => {
  const piece = Buffer.alloc(MiB, " ");
  refused(await sendAll([`Content-Length: ${8 * MiB}`], piece, 8));
});

test("a client that sends 8 MiB in chunks before it reads gets its 413", async () => {
  const chunk = Buffer.concat([
    Buffer.from(`${MiB.toString(16)}\r\n`),
    Buffer.alloc(MiB, " "),
    Buffer.from("\r\n"),
  ]);
  const last = "0\r\n\r\n";
  const whole = Buffer.concat([...Array.from({ length: 8 }, () => chunk), Buffer.from(last)]);
  refused(await sendAll(["Transfer-Encoding: chunked"], whole, 1));
});

test("a body of more than 16 MiB is not waited for", async () => {
  refused(await sendAll([`Content-Length: ${17 * MiB}`], Buffer.alloc(0), 0));
});
