import type { QueueClaims } from "#kernel/place.ts";
import type { QueueTokens } from "../../admission/ports/queue-tokens.ts";
import type { Random } from "../../admission/ports/random.ts";
import type { QueueStatus } from "../../admission/presenters/queue-status.ts";

/** An event of a stream. `retryMs`: the delay before the client reconnects after the stream has ended. */
export type StreamEvent =
  /** The present status. Only the first one of a stream has `retryMs`. */
  | { readonly kind: "status"; readonly status: QueueStatus; readonly retryMs: number | null }
  /** Nothing has changed; keeps the connection open. */
  | { readonly kind: "heartbeat" }
  /** The queue cannot be read now; a status follows when it can. */
  | { readonly kind: "unavailable" }
  /** The last event: the same place has opened newer streams. */
  | { readonly kind: "replaced"; readonly retryMs: number }
  /** The last event: the client reconnects, to any instance. */
  | { readonly kind: "reconnect"; readonly retryMs: number };

/** The dependencies that all streams of an instance share. */
export interface StreamContext<Chunk> {
  readonly tokens: Pick<QueueTokens, "read">;
  readonly random: Random;
  /** Monotonic, whole ms. */
  readonly nowMs: () => number;
  readonly encode: (event: StreamEvent) => Chunk;
  /** Registers a stream when its reader starts. */
  enter(stream: PlaceStream<Chunk>): void;
  /** Removes a stream; does nothing for one that was never registered. */
  leave(stream: PlaceStream<Chunk>): void;
}

/** The longest silence. Proxies close a connection that is silent for 60 s. */
const silenceMsMax = 10_000;
/** An unchanged status is repeated after this time, so that a client never shows a much older one. */
const unchangedMsMax = 30_000;
/** A reader that takes nothing for so long counts as gone, even if its connection is open. */
const stalledMs = 20_000;
/**
 * The mean lifetime of a stream. The connection of a dead phone can look open for 15 minutes; a reconnect
 * proves that the user is present. It also moves load to instances that were started meanwhile.
 */
const lifetimeMs = 300_000;
/** A place is read twice in its polling interval and at least every 2 s. */
const readsAnInterval = 2;
const readSlowestMs = 2_000;

/** Returns a random delay, so that streams that end together do not reconnect together. */
const retryMsOf = (random: Random, fromMs: number, spanMs: number): number =>
  Math.floor(fromMs + random() * spanMs);

const differsByMoreThanATenth = (before: number, now: number): boolean =>
  Math.abs(now - before) > Math.max(1, before / 10);

const comparedFields = [
  ...(["status", "position", "queueState", "expiresAtMs", "endedReason"] as const),
  ...(["token", "seatsLikely", "cancelledAtMs"] as const),
] as const;

/** Returns whether the user needs the new status. An estimate counts if it differs by more than 10 %. */
export const hasChanged = (before: QueueStatus, now: QueueStatus): boolean =>
  comparedFields.some((field) => now[field] !== before[field]) ||
  (now.estimate === null) !== (before.estimate === null) ||
  differsByMoreThanATenth(before.estimate?.p50Seconds ?? 0, now.estimate?.p50Seconds ?? 0);

type Next<Chunk> = IteratorResult<Chunk, Chunk | undefined>;

/**
 * One stream of a place. It gives the next event when the reader asks, and keeps only the newest status for
 * a slow reader.
 *
 * Cost: an instance has up to 10,000 streams. They are a class, so that they share methods and have no
 * timer, buffer or closure each.
 */
export class PlaceStream<Chunk> implements AsyncIterableIterator<Chunk, Chunk | undefined> {
  /** The newest status, sent or about to be sent. */
  latest: QueueStatus;
  /** The claims of the newest token. */
  claims: QueueClaims;
  /** The next older stream of the same place. */
  older: PlaceStream<Chunk> | null = null;
  /** How many users had left the queue when this place was last read; -1: not read yet. */
  goneBefore = -1;

  readonly #context: StreamContext<Chunk>;
  readonly #endsAtMs: number;
  #readByMs = 0;
  #heartbeatByMs = 0;
  #repeatByMs = 0;
  #isStatusPending = true;
  #isFirst = true;
  #isEnding = false;
  #isClosed = false;
  #pendingEvent: StreamEvent | null = null;
  #waitingReader: ((next: Next<Chunk>) => void) | null = null;

  constructor(context: StreamContext<Chunk>, shown: QueueClaims, status: QueueStatus) {
    this.#context = context;
    this.latest = status;
    this.claims = context.tokens.read(status.token) ?? shown;
    this.#endsAtMs = context.nowMs() + Math.floor(lifetimeMs * (0.8 + context.random() * 0.4));
    this.#isEnding = status.status === "ENDED";
  }

  [Symbol.asyncIterator](): this {
    if (!this.#isEnding) this.#context.enter(this);
    return this;
  }

  next(): Promise<Next<Chunk>> {
    const chunk = this.#take();
    if (chunk !== null) return Promise.resolve({ done: false, value: chunk });
    if (this.#isEnding) return this.return();
    return new Promise((resolve) => {
      this.#waitingReader = resolve;
    });
  }

  /** Ends the stream. A reader that is still connected gets a `reconnect` as the last value. */
  return(): Promise<Next<Chunk>> {
    this.#end();
    const retryMs = retryMsOf(this.#context.random, 500, 5_000);
    const value = this.#context.encode({ kind: "reconnect", retryMs });
    return Promise.resolve({ done: true, value });
  }

  /** Returns whether the reader still takes events; a stalled reader may be gone. */
  isReading(nowMs: number): boolean {
    if (this.#isEnding || this.#isClosed) return false;
    return this.#waitingReader !== null || nowMs < this.#heartbeatByMs + stalledMs;
  }

  /** Returns whether the place must be read again. */
  isDue(nowMs: number): boolean {
    return nowMs >= this.#readByMs && this.isReading(nowMs);
  }

  /** Returns whether the place may have been admitted: as many users as its position have left the queue. */
  mayBeAdmitted(goneNow: number): boolean {
    const { position } = this.latest;
    if (position === null || this.goneBefore < 0 || this.#isEnding) return false;
    return goneNow - this.goneBefore >= position;
  }

  /** Takes a status that was just read. Sends it if it has changed or must be repeated. */
  update(status: QueueStatus, nowMs: number): void {
    if (this.#isClosed || this.#isEnding) return;
    const intervalMs = Math.min(status.pollAfterMs / readsAnInterval, readSlowestMs);
    this.#readByMs = nowMs + Math.floor(intervalMs);
    if (nowMs < this.#repeatByMs && !hasChanged(this.latest, status)) return;
    if (status.token !== this.latest.token) {
      this.claims = this.#context.tokens.read(status.token) ?? this.claims;
    }
    this.latest = status;
    this.#isStatusPending = true;
    this.#isEnding = status.status === "ENDED";
    this.#pendingEvent = null;
    this.#deliver();
  }

  /** Reports that the queue cannot be read. An ACTIVE user can buy without the queue and gets no event. */
  reportUnavailable(): void {
    this.#repeatByMs = 0;
    if (this.latest.status !== "ACTIVE") this.#send({ kind: "unavailable" });
  }

  /** Ends the stream, because the same place has opened newer ones. */
  replace(): void {
    const retryMs = retryMsOf(this.#context.random, 20_000, 10_000);
    this.#send({ kind: "replaced", retryMs });
    this.#isEnding = true;
  }

  /** Sends a heartbeat after a long silence, and ends the stream after its lifetime. */
  keepAlive(nowMs: number): void {
    if (this.#waitingReader === null || this.#isEnding) return;
    if (nowMs >= this.#endsAtMs) {
      this.#send({ kind: "reconnect", retryMs: retryMsOf(this.#context.random, 0, 500) });
      this.#isEnding = true;
    } else if (nowMs >= this.#heartbeatByMs) {
      this.#send({ kind: "heartbeat" });
    }
  }

  #send(event: StreamEvent): void {
    if (this.#isClosed || this.#isEnding) return;
    this.#pendingEvent = event;
    this.#deliver();
  }

  /** Gives the next chunk to a waiting reader. */
  #deliver(): void {
    const waitingReader = this.#waitingReader;
    if (waitingReader === null) return;
    const chunk = this.#take();
    if (chunk === null) return;
    this.#waitingReader = null;
    waitingReader({ done: false, value: chunk });
  }

  #take(): Chunk | null {
    const { encode, random, nowMs } = this.#context;
    if (!this.#isStatusPending && this.#pendingEvent === null) return null;
    const atMs = nowMs();
    // Random, so that streams that got an event together do not need a heartbeat together.
    this.#heartbeatByMs = atMs + Math.floor(silenceMsMax * (0.8 + random() * 0.2));
    if (!this.#isStatusPending) {
      const event = this.#pendingEvent ?? { kind: "heartbeat" };
      this.#pendingEvent = null;
      return encode(event);
    }
    this.#isStatusPending = false;
    this.#repeatByMs = atMs + unchangedMsMax;
    const retryMs = this.#isFirst ? retryMsOf(random, 1_000, 4_000) : null;
    this.#isFirst = false;
    return encode({ kind: "status", status: this.latest, retryMs });
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#context.leave(this);
    const waitingReader = this.#waitingReader;
    this.#waitingReader = null;
    waitingReader?.({ done: true, value: undefined });
  }
}
