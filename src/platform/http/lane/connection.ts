import type { Socket } from "node:net";
import { LaneReply, LaneRequest, type LaneTerms, type WriteAnswer } from "./exchange.ts";
import type { LaneHead, ReadRequest } from "./grammar.ts";
import type { LaneRoute } from "./lane-route.ts";

/** The lane, as its connections need it. */
export interface ConnectionDeps {
  readonly read: ReadRequest;
  readonly routes: readonly LaneRoute[];
  readonly terms: LaneTerms;
  /** The connections of the lane. Each adds itself, and deletes itself when it is no longer the lane's. */
  readonly connections: Set<LaneConnection>;
  /** Gives the connection to `node:http` for good. The socket is paused, and reads on when that listens. */
  handOver(socket: Socket): void;
}

const ignore = (): void => undefined;

/**
 * A connection whose requests are all complete, hot and in the strict grammar so far. The first bytes that are not go to
 * `node:http`, with the connection, once no answer is outstanding. One request is answered at a time; bytes that arrive
 * meanwhile stay in the socket's buffer.
 */
export class LaneConnection {
  readonly socket: Socket;
  readonly #deps: ConnectionDeps;
  /** Since when the connection waits for what it waits for. */
  sinceMs = performance.now();
  state: "new" | "answering" | "idle" = "new";
  #reply: LaneReply | null = null;
  #early: Buffer | null = null;

  constructor(socket: Socket, deps: ConnectionDeps) {
    this.socket = socket;
    this.#deps = deps;
    deps.connections.add(this);
    // A socket that fails is destroyed, and closes.
    socket.on("data", this.#onData).on("end", this.#onEnd).on("error", ignore);
    socket.on("close", this.#onClose);
  }

  /** Gives the connection to `node:http`, with the bytes that the lane has read and not answered. */
  handOver(bytes: Buffer | null): void {
    this.#leave();
    this.socket.pause();
    if (bytes !== null) this.socket.unshift(bytes);
    this.#deps.handOver(this.socket);
  }

  readonly #onData = (bytes: Buffer): void => {
    if (this.state !== "answering") return this.#take(bytes);
    this.#early = this.#early === null ? bytes : Buffer.concat([this.#early, bytes]);
    this.socket.pause();
  };

  // As in `node:http`: a client that has closed its side waits for no answer.
  readonly #onEnd = (): void => void this.socket.end();

  readonly #onClose = (): void => {
    this.#leave();
    this.#reply?.close();
  };

  #leave(): void {
    const { socket } = this;
    socket.off("data", this.#onData).off("end", this.#onEnd).off("error", ignore);
    socket.off("close", this.#onClose);
    this.#deps.connections.delete(this);
  }

  #take(bytes: Buffer): void {
    const { read, routes, terms } = this.#deps;
    const head = terms.isDraining() ? null : read(bytes);
    if (head === null) return this.handOver(bytes);
    for (const route of routes) {
      const params = route.match(head);
      if (params !== null) return this.#answer(route, head, params);
    }
    this.handOver(bytes);
  }

  #answer(route: LaneRoute, head: LaneHead, params: LaneRequest["params"]): void {
    this.#wait("answering");
    const request = new LaneRequest(head, params, this.socket, this.#deps.terms);
    this.#reply = new LaneReply(request, route.serialisers, this.#write);
    route.run(request, this.#reply);
  }

  #wait(state: LaneConnection["state"]): void {
    this.state = state;
    this.sinceMs = performance.now();
  }

  readonly #write: WriteAnswer = (text, encoding, isLast) => {
    const { socket } = this;
    if (!socket.writable) return;
    this.sinceMs = performance.now();
    socket.write(text, encoding, () => this.#sent(isLast));
    if (isLast) socket.end();
  };

  #sent(isLast: boolean): void {
    this.#reply?.close();
    this.#reply = null;
    if (isLast || this.socket.destroyed) return;
    this.#wait("idle");
    const early = this.#early;
    this.#early = null;
    if (early !== null) this.handOver(early);
  }
}
