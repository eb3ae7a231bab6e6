import net from "node:net";

/** A wire between a client and a server that a test can freeze and cut. */
export interface Proxy {
  readonly port: number;
  /** Nothing passes any more, in either direction; connections stay, new ones are taken and get no word. */
  freeze(): void;
  /** Lets the held-back bytes go on. */
  thaw(): void;
  /** Breaks every connection; new ones are possible. */
  cut(): void;
  /** Holds back only what the server says, so that commands arrive and their answers do not. */
  mute(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Listens on a free port of 127.0.0.1 and passes everything to the target's port there. */
export const startProxy = async (targetPort: number): Promise<Proxy> => {
  const pairs = new Set<{ near: net.Socket; far: net.Socket }>();
  let frozen = false;
  const server = net.createServer((near) => {
    const far = net.connect(targetPort, "127.0.0.1");
    const pair = { near, far };
    pairs.add(pair);
    const end = (): void => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    for (const socket of [near, far]) socket.on("error", end).on("close", end);
    near.pipe(far);
    far.pipe(near);
    if (frozen) {
      near.pause();
      far.pause();
    }
  });
  const forAll = (act: (socket: net.Socket) => void, which: "far" | "both"): void => {
    for (const { near, far } of pairs) {
      act(far);
      if (which === "both") act(near);
    }
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    freeze() {
      frozen = true;
      forAll((socket) => socket.unpipe().pause(), "both");
    },
    thaw() {
      frozen = false;
      for (const { near, far } of pairs) {
        near.pipe(far);
        far.pipe(near);
      }
    },
    cut: () => forAll((socket) => socket.destroy(), "both"),
    mute: () => forAll((socket) => socket.unpipe().pause(), "far"),
    async [Symbol.asyncDispose]() {
      forAll((socket) => socket.destroy(), "both");
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
