import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Caller } from "../route.ts";
import type { LaneHead } from "./grammar.ts";

// A request and a reply as the engine's steps use them, without Fastify and `node:http` below. The names are those of
// Fastify, so that one definition of the steps serves both.

/** The server of a lane, as its exchanges need it. */
export interface LaneTerms {
  /** The address of the client behind the trusted proxies. */
  clientIp(peer: string | undefined, forwardedFor: string | undefined): string;
  readonly keepAliveMs: number;
  readonly isDraining: () => boolean;
}

export class LaneRequest {
  readonly id: string;
  readonly raw;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly routeOptions = {};
  readonly is404 = false;
  readonly query = {};
  readonly params: Readonly<Record<string, string>>;
  caller: Caller = { kind: "nobody" };
  body: unknown = undefined;
  readonly #terms: LaneTerms;

  constructor(
    { method, target, headers }: LaneHead,
    given: {
      readonly id: string;
      readonly params: Readonly<Record<string, string>>;
      readonly socket: Socket;
      readonly terms: LaneTerms;
    },
  ) {
    this.id = given.id;
    this.method = method;
    this.headers = headers;
    this.params = given.params;
    this.#terms = given.terms;
    const { socket } = given;
    const key = headers["idempotency-key"];
    const headersDistinct = { "idempotency-key": key === undefined ? [] : [key] };
    // The grammar refuses a name twice, so nothing looks for it in the raw headers.
    const rawHeaders: readonly string[] = [];
    const httpVersion = "1.1";
    this.raw = { method, url: target, headers, headersDistinct, rawHeaders, httpVersion, socket };
  }

  get ip(): string {
    return this.#terms.clientIp(this.raw.socket.remoteAddress, this.headers["x-forwarded-for"]);
  }
}

/** Stands for the response of `node:http`: its status, and its end. */
export class LaneResponse {
  readonly req: { readonly socket: Socket };
  statusCode = 200;
  headersSent = false;
  #onClose: ((this: LaneResponse) => void) | null = null;

  constructor(socket: Socket) {
    this.req = { socket };
  }

  on(_event: "close", listener: (this: LaneResponse) => void): this {
    this.#onClose = listener;
    return this;
  }

  /** The answer is sent, or its client is gone. Later calls do nothing. */
  close(): void {
    const listener = this.#onClose;
    this.#onClose = null;
    listener?.call(this);
  }

  destroy(): void {
    this.req.socket.destroy();
  }
}

let date = "";
let dateUntilMs = 0;

/** The value of `Date`, made once a second. */
const httpDate = (): string => {
  const nowMs = Date.now();
  if (nowMs >= dateUntilMs || nowMs < dateUntilMs - 1000) {
    date = new Date(nowMs).toUTCString();
    dateUntilMs = nowMs - (nowMs % 1000) + 1000;
  }
  return date;
};

type Serialisers = Readonly<Record<string, (value: unknown) => string>>;

export class LaneReply {
  readonly request: LaneRequest;
  readonly raw: LaneResponse;
  readonly #serialisers: Serialisers;
  readonly #headers: Record<string, string> = {};
  readonly #terms: LaneTerms;
  readonly #write: (text: string, isLast: boolean) => void;

  constructor(
    request: LaneRequest,
    given: {
      readonly serialisers: Serialisers;
      readonly terms: LaneTerms;
      /** Takes the bytes of the answer, and whether the connection ends with it. */
      readonly write: (text: string, isLast: boolean) => void;
    },
  ) {
    this.request = request;
    this.raw = new LaneResponse(request.raw.socket);
    this.#serialisers = given.serialisers;
    this.#terms = given.terms;
    this.#write = given.write;
  }

  get statusCode(): number {
    return this.raw.statusCode;
  }

  code(status: number): this {
    this.raw.statusCode = status;
    return this;
  }

  header(name: string, value: unknown): this {
    this.#headers[name.toLowerCase()] = String(value);
    return this;
  }

  getHeader(name: string): string | undefined {
    return this.#headers[name.toLowerCase()];
  }

  hasHeader(name: string): boolean {
    return name.toLowerCase() in this.#headers;
  }

  removeHeader(name: string): this {
    delete this.#headers[name.toLowerCase()];
    return this;
  }

  /** Sends the answer once; throws what the serialiser throws, before anything is sent. */
  send(payload?: unknown): this {
    if (this.raw.headersSent) return this;
    const body = this.#bodyText(payload);
    this.raw.headersSent = true;
    const isLast = this.#terms.isDraining();
    this.#write(this.#headText(isLast) + body, isLast);
    return this;
  }

  #bodyText(payload: unknown): string {
    if (payload === undefined) return "";
    const isBytes = Buffer.isBuffer(payload);
    const body = isBytes ? payload.toString() : this.#serialise(payload);
    if (!this.hasHeader("content-type")) {
      this.header(
        "content-type",
        isBytes ? "application/octet-stream" : "application/json; charset=utf-8",
      );
    }
    this.header("content-length", Buffer.byteLength(body));
    return body;
  }

  #serialise(payload: unknown): string {
    const serialise = this.#serialisers[this.statusCode];
    if (serialise === undefined) throw new Error(`no answer ${this.statusCode} is declared`);
    return serialise(payload);
  }

  /** In the order of `node:http`. */
  #headText(isLast: boolean): string {
    const { statusCode } = this;
    let text = `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] ?? ""}\r\n`;
    for (const name in this.#headers) text += `${name}: ${this.#headers[name]}\r\n`;
    text += `Date: ${httpDate()}\r\n`;
    if (isLast) return `${text}Connection: close\r\n\r\n`;
    const seconds = Math.floor(this.#terms.keepAliveMs / 1000);
    return `${text}Connection: keep-alive\r\nKeep-Alive: timeout=${seconds}\r\n\r\n`;
  }
}
