import net from "node:net";

/**
 * A cable between the servers and one of their stores, that a test can cut, freeze or plug into
 * another store. The store itself stays as it is: other tests may be using it.
 */
export interface Wire {
  readonly url: string;
  /** Drops every connection and refuses new ones. */
  cut(): void;
  /** Connections stay up and nothing moves, in either direction: a store that is stopped. */
  freeze(): void;
  /** Undoes cut and freeze; what was frozen arrives late. */
  mend(): void;
  /** Plugs into another store: every connection drops, new ones go there. */
  plug(url: string): void;
  /** Bytes that came through so far, to see that a fault did something. */
  carriedBytes(): number;
  close(): Promise<void>;
}

type State = "whole" | "cut" | "frozen";

interface Target {
  readonly host: string;
  readonly port: number;
}

const targetOf = (url: string): Target => {
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname, port: Number(port || (protocol.startsWith("redis") ? 6379 : 5432)) };
};

export const openWire = async (storeUrl: string): Promise<Wire> => {
  let target = targetOf(storeUrl);
  let state: State = "whole";
  let carried = 0;
  const pairs = new Set<readonly [net.Socket, net.Socket]>();

  const join = (near: net.Socket): void => {
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
    for (const [from, to] of [pair, [far, near] as const]) {
      from.setNoDelay(true);
      from.on("data", (chunk: Buffer) => {
        carried += chunk.length;
        if (!to.write(chunk)) from.pause();
      });
      to.on("drain", () => {
        if (state === "whole") from.resume();
      });
      from.on("error", end);
      from.on("close", end);
      if (state === "frozen") from.pause();
    }
  };
  const dropAll = (): void => {
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
  };

  const server = net.createServer(join);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  const url = new URL(storeUrl);
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    cut: () => {
      state = "cut";
      dropAll();
    },
    freeze: () => {
      state = "frozen";
      for (const socket of [...pairs].flat()) socket.pause();
    },
    mend: () => {
      state = "whole";
      for (const socket of [...pairs].flat()) socket.resume();
    },
    plug: (other) => {
      target = targetOf(other);
      dropAll();
    },
    carriedBytes: () => carried,
    close: async () => {
      dropAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
