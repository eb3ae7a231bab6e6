import { STATUS_CODES, validateHeaderValue } from "node:http";
import type { Socket } from "node:net";
import type { Caller } from "../route.ts";
import type { LaneHead } from "./grammar.ts";

// A request and a reply with those members of Fastify's, and of `node:http`'s below (`raw`), that the engine's steps use: one
// definition of the steps serves both.

/** The server of a lane, as its exchanges need it. */
export interface LaneTerms {
  requestId(head: LaneHead): string;
  /** The address of the client behind the trusted proxies. */
  clientOf(peer: string | undefined, forwardedFor: string | undefined): string;
  readonly keepAliveMs: number;
  isDraining(): boolean;
}

export class LaneRequest {
  readonly raw = this;
  readonly httpVersion = "1.1";
  /** Empty: the grammar refuses a name twice, so nothing looks for one here. */
  readonly rawHeaders: readonly string[] = [];
  readonly routeOptions = {};
  readonly query = {};
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: LaneHead["headers"];
  /** The body as it was sent. */
  readonly bytes: Buffer;
  readonly params: Readonly<Record<string, string>>;
  readonly socket: Socket;
  readonly terms: LaneTerms;
  caller: Caller = { kind: "nobody" };
  body: unknown = undefined;

  constructor(head: LaneHead, params: LaneRequest["params"], socket: Socket, terms: LaneTerms) {
    this.id = terms.requestId(head);
    this.method = head.method;
    this.url = head.target;
    this.headers = head.headers;
    this.bytes = head.body;
    this.params = params;
    this.socket = socket;
    this.terms = terms;
  }

  get ip(): string {
    return this.terms.clientOf(this.socket.remoteAddress, this.headers["x-forwarded-for"]);
  }

  get headersDistinct(): Readonly<Record<string, readonly string[]>> {
    const key = this.headers["idempotency-key"];
    return { "idempotency-key": key === undefined ? [] : [key] };
  }
}

let second = 0;
let date = "";

/** The value of `Date`, made once a second. */
const httpDate = (): string => {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) date = new Date(now * 1000).toUTCString();
  second = now;
  return date;
};

export type Serialisers = Readonly<Record<string, (value: unknown) => string>>;
/** Takes the text of an answer, how its characters become bytes, and whether the connection ends with it. */
export type WriteAnswer = (text: string, encoding: "utf8" | "latin1", isLast: boolean) => void;

export class LaneReply {
  readonly raw = this;
  readonly request: LaneRequest;
  readonly req: LaneRequest;
  statusCode = 200;
  headersSent = false;
  readonly #serialisers: Serialisers;
  readonly #write: WriteAnswer;
  readonly #headers: Record<string, string> = {};
  #onClose: ((this: LaneReply) => void) | null = null;

  constructor(request: LaneRequest, serialisers: Serialisers, write: WriteAnswer) {
    this.request = request;
    this.req = request;
    this.#serialisers = serialisers;
    this.#write = write;
  }

  on(_event: "close", listener: (this: LaneReply) => void): void {
    this.#onClose = listener;
  }

  /** The answer is sent, or its client is gone. Later calls do nothing. */
  close(): void {
    this.#onClose?.();
    this.#onClose = null;
  }

  destroy(): void {
    this.request.socket.destroy();
  }

  code(status: number): this {
    this.statusCode = status;
    return this;
  }

  /** Throws for a value that would end its line. */
  header(name: string, value: unknown): this {
    const text = String(value);
    validateHeaderValue(name, text);
    this.#headers[name.toLowerCase()] = text;
    return this;
  }

  getHeader(name: string): string | undefined {
    return this.#headers[name.toLowerCase()];
  }

  /** Sends the answer once; throws what the serialiser throws, before anything is sent. */
  send(payload?: unknown): void {
    if (this.headersSent) return;
    const body = this.#bodyOf(payload);
    this.headersSent = true;
    const isLast = this.request.terms.isDraining();
    const isText = typeof body === "string";
    const text = this.#headText(isLast) + (isText ? body : body.toString("latin1"));
    this.#write(text, isText ? "utf8" : "latin1", isLast);
  }

  /** Sets the headers of the body, too. */
  #bodyOf(payload: unknown): string | Buffer {
    if (payload === undefined) return "";
    const isBytes = Buffer.isBuffer(payload);
    const body = isBytes ? payload : this.#serialisers[this.statusCode]?.(payload);
    if (body === undefined) throw new Error(`no answer ${this.statusCode} is declared`);
    const type = isBytes ? "application/octet-stream" : "application/json; charset=utf-8";
    this.#headers["content-type"] ??= type;
    this.#headers["content-length"] = String(Buffer.byteLength(body));
    return body;
  }

  /** In the order of `node:http`. */
  #headText(isLast: boolean): string {
    let text = `HTTP/1.1 ${this.statusCode} ${STATUS_CODES[this.statusCode] ?? ""}\r\n`;
    for (const name in this.#headers) text += `${name}: ${this.#headers[name]}\r\n`;
    text += `Date: ${httpDate()}\r\n`;
    if (isLast) return `${text}Connection: close\r\n\r\n`;
    const seconds = Math.floor(this.request.terms.keepAliveMs / 1000);
    return `${text}Connection: keep-alive\r\nKeep-Alive: timeout=${seconds}\r\n\r\n`;
  }
}
