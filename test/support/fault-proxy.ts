import net from "node:net";

/**
 * A TCP proxy that injects faults between a client and a store. The store itself is untouched, because
 * other tests may use it at the same time.
 */
export interface FaultProxy extends AsyncDisposable {
  /** The URL of the store, with the address of the proxy. */
  readonly url: string;
  /** Drops every connection and refuses new ones. */
  cut(): void;
  /** Drops every connection and accepts new ones. */
  reset(): void;
  /** Connects further clients to another store, as a name that moves does; open connections stay. */
  pointTo(storeUrl: string): void;
  /** Keeps every connection, old and new, and forwards nothing, as a stopped store. */
  freeze(): void;
  /** Forwards requests but no answers on the connections that are open now. */
  mute(): void;
  /** Forwards each chunk of an answer `ms` later; 0: at once. */
  delay(ms: number): void;
  /** Ends cut, freeze and mute; the bytes that were held back arrive late. */
  heal(): void;
}

/** The client's and the store's end of one connection. */
type Pair = readonly [near: net.Socket, far: net.Socket];

const targetOf = (url: string): { host: string; port: number } => {
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname, port: Number(port || (protocol.startsWith("redis") ? 6379 : 5432)) };
};

/** Returns a writer that passes each chunk on, in order, no sooner than after the delay of now. */
const delayed = (delayMs: () => number, write: (chunk: Buffer) => void) => {
  const waiting: { readonly chunk: Buffer; readonly dueMs: number }[] = [];
  const flush = (): void => {
    for (let [next] = waiting; next !== undefined; [next] = waiting) {
      const leftMs = next.dueMs - performance.now();
      // A timer of Node can fire up to 2 ms early.
      if (leftMs > 0) return void setTimeout(flush, Math.ceil(leftMs));
      waiting.shift();
      write(next.chunk);
    }
  };
  return (chunk: Buffer): void => {
    waiting.push({ chunk, dueMs: performance.now() + delayMs() });
    if (waiting.length === 1) flush();
  };
};

/** Listens on a free port of 127.0.0.1 in front of the store. */
export const startFaultProxy = async (storeUrl: string): Promise<FaultProxy> => {
  let target = targetOf(storeUrl);
  let state: "healthy" | "cut" | "frozen" = "healthy";
  let delayMs = 0;
  const pairs = new Set<Pair>();
  const muted = new Set<net.Socket>();

  const forward = (from: net.Socket, to: net.Socket) => (chunk: Buffer) => {
    if (to.destroyed || to.write(chunk)) return;
    from.pause();
  };
  const accept = (near: net.Socket): void => {
    if (state === "cut") {
      near.destroy();
      return;
    }
    const far = net.connect(target);
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    near.on("data", forward(near, far));
    far.on(
      "data",
      delayed(() => delayMs, forward(far, near)),
    );
    for (const [from, to] of [pair, [far, near] as const]) {
      from.setNoDelay(true);
      to.on("drain", () => {
        if (state === "healthy" && !muted.has(from)) from.resume();
      });
      from.on("error", end).on("close", end);
      if (state === "frozen") from.pause();
    }
  };
  const reset = (): void => {
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
  };

  const server = net.createServer(accept);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  const url = new URL(storeUrl);
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    cut: () => {
      state = "cut";
      reset();
    },
    reset,
    pointTo: (other) => {
      target = targetOf(other);
    },
    freeze: () => {
      state = "frozen";
      for (const socket of [...pairs].flat()) socket.pause();
    },
    mute: () => {
      for (const [, far] of pairs) muted.add(far.pause());
    },
    delay: (ms) => {
      delayMs = ms;
    },
    heal: () => {
      state = "healthy";
      muted.clear();
      for (const socket of [...pairs].flat()) socket.resume();
    },
    [Symbol.asyncDispose]: async () => {
      reset();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
