import type { Socket } from "node:net";
import { answerBrokenRequest } from "../unrouted.ts";
import { LaneReply, LaneRequest, type LaneTerms } from "./exchange.ts";
import type { LaneHead, ReadRequest } from "./grammar.ts";
import type { LaneRoute } from "./lane-route.ts";

export interface ConnectionDeps {
  readonly read: ReadRequest;
  readonly routes: readonly LaneRoute[];
  readonly terms: LaneTerms;
  readonly requestId: (headers: Readonly<Record<string, string>>) => string;
  /** Gives the connection to `node:http` for good. The socket is paused, and reads on when that listens. */
  handOver(socket: Socket): void;
  /** Called once, when the connection is no longer the lane's. */
  left(connection: LaneConnection): void;
  nowMs(): number;
}

/**
 * A connection whose requests are all complete, hot and in the strict grammar so far. The first bytes that are not go to
 * `node:http`, with the connection, once no answer is outstanding. One request is answered at a time; bytes that arrive
 * meanwhile stay in the socket's buffer.
 */
export class LaneConnection {
  readonly #socket: Socket;
  readonly #deps: ConnectionDeps;
  /** Since when the connection waits for what it waits for. */
  sinceMs: number;
  state: "new" | "answering" | "idle" = "new";
  #reply: LaneReply | null = null;
  #early: Buffer | null = null;

  constructor(socket: Socket, deps: ConnectionDeps) {
    this.#socket = socket;
    this.#deps = deps;
    this.sinceMs = deps.nowMs();
    socket.on("data", this.#onData).on("end", this.#onEnd);
    socket.on("error", this.#onError).on("close", this.#onClose);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Answers the deadline of a connection on which no byte has arrived, and closes it. */
  answerLate(): void {
    answerBrokenRequest({ code: "ERR_HTTP_REQUEST_TIMEOUT" }, this.#socket);
  }

  readonly #onData = (bytes: Buffer): void => {
    if (this.state !== "answering") return this.#take(bytes);
    this.#early = this.#early === null ? bytes : Buffer.concat([this.#early, bytes]);
    this.#socket.pause();
  };

  // As in `node:http`: a client that has closed its side waits for no answer.
  readonly #onEnd = (): void => {
    this.#socket.end();
  };

  readonly #onError = (): void => {
    this.#socket.destroy();
  };

  readonly #onClose = (): void => {
    this.#forget();
    this.#reply?.raw.close();
  };

  /** Gives a connection that has sent nothing yet to `node:http`. */
  release(): void {
    this.#handOver(null);
  }

  #forget(): void {
    const socket = this.#socket;
    socket.off("data", this.#onData).off("end", this.#onEnd);
    socket.off("error", this.#onError).off("close", this.#onClose);
    this.#deps.left(this);
  }

  #handOver(bytes: Buffer | null): void {
    this.#forget();
    this.#socket.pause();
    if (bytes !== null) this.#socket.unshift(bytes);
    this.#deps.handOver(this.#socket);
  }

  #take(bytes: Buffer): void {
    const { read, routes, terms } = this.#deps;
    const head = terms.isDraining() ? null : read(bytes);
    if (head === null) return this.#handOver(bytes);
    for (const route of routes) {
      const params = route.match(head.target);
      if (params !== null && route.takes(head)) return this.#answer(route, head, params);
    }
    this.#handOver(bytes);
  }

  #answer(route: LaneRoute, head: LaneHead, params: Record<string, string>): void {
    const { terms, requestId } = this.#deps;
    this.#wait("answering");
    const socket = this.#socket;
    const request = new LaneRequest(head, { id: requestId(head.headers), params, socket, terms });
    const { serialisers } = route;
    const reply = new LaneReply(request, { serialisers, terms, write: this.#write });
    this.#reply = reply;
    route.run(request, reply, head.body);
  }

  #wait(state: LaneConnection["state"]): void {
    this.state = state;
    this.sinceMs = this.#deps.nowMs();
  }

  readonly #write = (text: string, isLast: boolean): void => {
    const socket = this.#socket;
    if (!socket.writable) return;
    this.sinceMs = this.#deps.nowMs();
    socket.write(text, "utf8", () => this.#sent(isLast));
    if (isLast) socket.end();
  };

  #sent(isLast: boolean): void {
    const reply = this.#reply;
    this.#reply = null;
    reply?.raw.close();
    if (isLast || this.#socket.destroyed) return;
    this.#wait("idle");
    const early = this.#early;
    this.#early = null;
    if (early !== null) this.#handOver(early);
  }
}
