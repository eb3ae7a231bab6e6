import type { Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { Duplex } from "node:stream";

/** Sends the pieces one by one. Returns all that comes back until the server closes the connection. */
export type Exchange = (pieces: readonly Buffer[]) => Promise<string>;

/** Waits for some turns of the event loop: in that time, both ends read what was written. */
const quiet = async (turns: number): Promise<void> => {
  for (let left = turns; left > 0; left -= 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Connections over TCP. It waits until the server has accepted one: Node accepts one in each turn. */
export const overTcp = (server: Server): Exchange => {
  const waiting = new Map<number, () => void>();
  server.on("connection", (socket) => waiting.get(socket.remotePort ?? 0)?.());
  const { port } = server.address() as AddressInfo;
  return (pieces) =>
    new Promise((resolve) => {
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      let text = "";
      const send = (index: number): void => {
        const piece = pieces[index];
        if (piece === undefined || socket.destroyed) return;
        socket.write(piece, () => void quiet(8).then(() => send(index + 1)));
      };
      socket.on("data", (bytes) => (text += bytes.toString("latin1")));
      socket.on("error", () => undefined);
      socket.on("connect", () => {
        const { localPort = 0 } = socket;
        socket.on("close", () => {
          waiting.delete(localPort);
          resolve(text);
        });
        waiting.set(localPort, () => send(0));
      });
    });
};

/** The server's end of a connection that has no other end: what it writes is kept, and the client's bytes are pushed. */
class Wire extends Duplex {
  readonly remoteAddress = "127.0.0.1";
  text = "";

  override _read(): void {
    // The client's bytes come by themselves.
  }

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.text += bytes.toString("latin1");
    done();
  }

  override _final(done: () => void): void {
    done();
    // As a client does on the server's end: it closes its own side.
    this.push(null);
  }
}

/** A connection that ends where the lane gives it to `node:http`, which is where the lane puts bytes back. */
class LaneWire extends Wire {
  handed: Buffer | null = null;

  override unshift(bytes: Buffer): void {
    this.handed = bytes;
    this.destroy();
  }
}

/** The part of a stream that the lane takes: its answers, and the bytes with which it hands the connection over. */
export interface LaneShare {
  readonly text: string;
  /** How many of the pieces were sent. */
  readonly sent: number;
  readonly handed: Buffer | null;
}

/** Sends a stream in memory for as long as the connection is the lane's. */
export const untilHandOver = async (
  server: Server,
  pieces: readonly Buffer[],
): Promise<LaneShare> => {
  const wire = new LaneWire();
  wire.on("error", () => undefined);
  server.emit("connection", wire);
  let sent = 0;
  for (const piece of pieces) {
    if (wire.writableEnded || wire.destroyed) break;
    wire.push(piece);
    sent += 1;
    await quiet(2);
  }
  // The last answer of a lane that never hands over.
  if (!wire.destroyed) await quiet(8);
  wire.destroy();
  return { text: wire.text, sent, handed: wire.handed };
};

/** Connections in memory: a third of the cost, and no order of events but that of the server. */
export const inMemory =
  (server: Server): Exchange =>
  (pieces) =>
    new Promise((resolve) => {
      const wire = new Wire();
      wire.on("error", () => undefined).on("close", () => resolve(wire.text));
      const send = async (): Promise<void> => {
        for (const piece of pieces) {
          if (wire.writableEnded || wire.destroyed) return;
          wire.push(piece);
          await quiet(3);
        }
      };
      server.emit("connection", wire);
      void send();
    });
