import { connect, type Socket } from "node:net";
import { responseReader } from "./response-reader.ts";

/** The state that all connections of one load share. */
export interface Shift {
  readonly host: string;
  readonly port: number;
  readonly pipelining: number;
  readonly timeoutMs: number;
  /** The next request with its number, or null when no more are to be sent. */
  next(): { readonly number: number; readonly bytes: Buffer } | null;
  answered(number: number, status: number, body: Buffer, tookMs: number): void;
  /** The requests in flight are lost; each may or may not have had an effect. */
  broke(reason: string): void;
  /** Nothing is in flight here and nothing will be sent. */
  done(): void;
}

const reconnectsMax = 20;
const chunkBytesMax = 16_384;

/** One keep-alive connection that always has `pipelining` requests in flight until there are no more. */
export const openConnection = (shift: Shift): void => {
  const memory = Buffer.alloc(chunkBytesMax);
  const numbers: number[] = [];
  const sentAtMs: number[] = [];
  let reconnects = 0;
  let finished = false;

  const finish = (socket: Socket): void => {
    if (finished) return;
    finished = true;
    socket.destroy();
    shift.done();
  };

  const fill = (socket: Socket): void => {
    while (numbers.length < shift.pipelining) {
      const request = shift.next();
      if (request === null) break;
      numbers.push(request.number);
      sentAtMs.push(performance.now());
      socket.write(request.bytes);
    }
    if (numbers.length === 0) finish(socket);
  };

  const open = (): void => {
    const read = responseReader((status, body) => {
      const number = numbers.shift();
      const sentMs = sentAtMs.shift();
      if (number === undefined || sentMs === undefined) throw new Error("an unasked answer");
      shift.answered(number, status, body, performance.now() - sentMs);
    });
    let failed = false;
    const fail = (reason: string): void => {
      if (failed || finished) return;
      failed = true;
      shift.broke(reason);
      numbers.length = 0;
      sentAtMs.length = 0;
      if (++reconnects > reconnectsMax) finish(socket);
      else {
        socket.destroy();
        setTimeout(open, 50);
      }
    };
    const take = (chunk: Buffer): void => {
      try {
        read(chunk);
      } catch (error) {
        fail(String(error));
        return;
      }
      if (!failed) fill(socket);
    };
    const socket = connect({
      host: shift.host,
      port: shift.port,
      noDelay: true,
      // One piece of memory for all chunks, so that reading costs as little as it can.
      onread: {
        buffer: memory,
        callback: (length, bytes) => {
          take(Buffer.from(bytes.buffer, bytes.byteOffset, length));
          return true;
        },
      },
    });
    socket.setTimeout(shift.timeoutMs, () => fail(`no answer in ${shift.timeoutMs} ms`));
    socket.on("connect", () => fill(socket));
    socket.on("error", (error) => fail(error.message));
    socket.on("close", () => fail("the server closed the connection"));
  };
  open();
};
