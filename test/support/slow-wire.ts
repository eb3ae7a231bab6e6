import net from "node:net";

/** A cable to a store that takes its time: everything arrives, in order, later. */
export interface SlowWire {
  readonly url: string;
  /** From now on each piece that the store says arrives this much later. 0 is as quick as it comes. */
  slow(delayMs: number): void;
  close(): Promise<void>;
}

const addressOf = (url: string): { host: string; port: number } => {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
};

/** Listens on a port of 127.0.0.1 in front of the store at `storeUrl`, which names its port. */
export const openSlowWire = async (storeUrl: string): Promise<SlowWire> => {
  let delayMs = 0;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const far = net.connect(addressOf(storeUrl));
    // A piece may not overtake the one before it, also when the wire has become quicker meanwhile.
    let lastDueMs = 0;
    far.on("data", (piece: Buffer) => {
      lastDueMs = Math.max(performance.now() + delayMs, lastDueMs);
      const waitMs = lastDueMs - performance.now();
      const pass = (): void => void (near.destroyed || near.write(piece));
      if (waitMs <= 0) pass();
      else setTimeout(pass, waitMs);
    });
    near.on("data", (piece: Buffer) => void far.write(piece));
    const end = (): void => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on("error", end).on("close", () => {
        sockets.delete(socket);
        end();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(storeUrl);
  url.host = `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
  return {
    url: url.href,
    slow: (ms) => {
      delayMs = ms;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
