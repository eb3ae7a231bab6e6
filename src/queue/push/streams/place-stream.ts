import type { QueueClaims } from "#kernel/place.ts";
import type { QueueTokens } from "../../admission/ports/queue-tokens.ts";
import type { Random } from "../../admission/ports/random.ts";
import type { QueueStatus } from "../../admission/presenters/queue-status.ts";

/** What a stream says. `retryMs`: after which time to come back when the stream has ended or broken. */
export type StreamEvent =
  /** Where the place stands now. `retryMs` comes with the first one of a stream. */
  | { readonly kind: "status"; readonly status: QueueStatus; readonly retryMs: number | null }
  /** Nothing new; the connection lives. */
  | { readonly kind: "silence" }
  /** The line cannot be read now; a status follows when it can. */
  | { readonly kind: "unavailable" }
  /** Last words: the same place has newer streams than it may have at once. */
  | { readonly kind: "replaced"; readonly retryMs: number }
  /** Last words: come back, to any instance. */
  | { readonly kind: "reconnect"; readonly retryMs: number };

/** What all streams of an instance share. */
export interface StreamDesk<Chunk> {
  readonly tokens: Pick<QueueTokens, "read">;
  readonly random: Random;
  /** Monotonic, whole ms. */
  readonly nowMs: () => number;
  readonly encode: (news: StreamEvent) => Chunk;
  /** A stream is being read from now on. */
  enter(stream: PlaceStream<Chunk>): void;
  /** It is not read any more, if it ever was. */
  leave(stream: PlaceStream<Chunk>): void;
}

/** Silence up to this is no sign of a broken connection; proxies end what is silent for a minute. */
const silentMsMax = 10_000;
/** A status is repeated after this time, so that a client never shows a much older one. */
const unchangedMsMax = 30_000;
/** A reader that takes nothing for so long is not there, whatever its connection says. */
const stuckMs = 20_000;
/**
 * A dead phone's connection can look open for a quarter of an hour. Who has to come back now and then
 * proves that he is there, and finds instances that were started since.
 */
const lifeMs = 300_000;
/** A position is told twice as often as it would be polled, and at least so often; a turn at once. */
const readsAnInterval = 2;
const readSlowestMs = 2_000;

/** Uneven, so that those who were sent away together do not come back together. */
const retryMsOf = (random: Random, fromMs: number, spanMs: number): number =>
  Math.floor(fromMs + random() * spanMs);

const byMoreThanATenth = (told: number, now: number): boolean =>
  Math.abs(now - told) > Math.max(1, told / 10);

/** Whether the owner should be told; an estimate that wavers a little is no news. */
export const hasChanged = (told: QueueStatus, now: QueueStatus): boolean =>
  now.status !== told.status ||
  now.position !== told.position ||
  now.queueState !== told.queueState ||
  now.expiresAtMs !== told.expiresAtMs ||
  now.endedReason !== told.endedReason ||
  now.token !== told.token ||
  (now.estimate === null) !== (told.estimate === null) ||
  byMoreThanATenth(told.estimate?.p50Seconds ?? 0, now.estimate?.p50Seconds ?? 0);

type Next<Chunk> = IteratorResult<Chunk, Chunk | undefined>;

/**
 * One owner's stream: gives what there is to say when it is asked for more, and keeps only the newest
 * status for a reader that is slow. A class, because there are ten thousand of them: they share their
 * methods, and have no timer, queue or closure of their own.
 */
export class PlaceStream<Chunk> implements AsyncIterableIterator<Chunk, Chunk | undefined> {
  /** The newest that the owner was told, or is about to be. */
  known: QueueStatus;
  /** Of the newest token. */
  claims: QueueClaims;
  /** The next older stream of the same place. */
  older: PlaceStream<Chunk> | null = null;
  /** How many had gone from the queue when this place was last read; -1: nobody has looked yet. */
  goneBefore = -1;

  readonly #desk: StreamDesk<Chunk>;
  readonly #endsAtMs: number;
  #readByMs = 0;
  #speakByMs = 0;
  #repeatByMs = 0;
  #isBeforeDraw = true;
  #isFirst = true;
  #isEnding = false;
  #isOver = false;
  #word: StreamEvent | null = null;
  #parked: ((next: Next<Chunk>) => void) | null = null;

  constructor(desk: StreamDesk<Chunk>, shown: QueueClaims, status: QueueStatus) {
    this.#desk = desk;
    this.known = status;
    this.claims = desk.tokens.read(status.token) ?? shown;
    this.#endsAtMs = desk.nowMs() + Math.floor(lifeMs * (0.8 + desk.random() * 0.4));
    this.#isEnding = status.status === "ENDED";
  }

  [Symbol.asyncIterator](): this {
    if (!this.#isEnding) this.#desk.enter(this);
    return this;
  }

  next(): Promise<Next<Chunk>> {
    const chunk = this.#take();
    if (chunk !== null) return Promise.resolve({ done: false, value: chunk });
    if (this.#isEnding) return this.return();
    return new Promise((resolve) => {
      this.#parked = resolve;
    });
  }

  /** Ends it. The value is for a reader that is still there although nobody reads on: it should return. */
  return(): Promise<Next<Chunk>> {
    this.#end();
    const retryMs = retryMsOf(this.#desk.random, 500, 5_000);
    const value = this.#desk.encode({ kind: "reconnect", retryMs });
    return Promise.resolve({ done: true, value });
  }

  /** Whether its owner takes what he is told: of a reader that is stuck, nothing is known. */
  isThere(nowMs: number): boolean {
    if (this.#isEnding || this.#isOver) return false;
    return this.#parked !== null || nowMs < this.#speakByMs + stuckMs;
  }

  /** Whether the place has to be looked at again. */
  isDue(nowMs: number): boolean {
    return nowMs >= this.#readByMs && this.isThere(nowMs);
  }

  /** The same at once, because so many have gone from the queue that it may be his turn. */
  isCalled(goneNow: number): boolean {
    const { position } = this.known;
    if (position === null || this.goneBefore < 0 || this.#isEnding) return false;
    return goneNow - this.goneBefore >= position;
  }

  /** The place was read. Tells the owner, if it is news or he has heard nothing for long. */
  learn(status: QueueStatus, nowMs: number): void {
    if (this.#isOver || this.#isEnding) return;
    const intervalMs = Math.min(status.pollAfterMs / readsAnInterval, readSlowestMs);
    this.#readByMs = nowMs + Math.floor(intervalMs);
    if (nowMs < this.#repeatByMs && !hasChanged(this.known, status)) return;
    if (status.token !== this.known.token) {
      this.claims = this.#desk.tokens.read(status.token) ?? this.claims;
    }
    this.known = status;
    this.#isBeforeDraw = true;
    this.#isEnding = status.status === "ENDED";
    this.#word = null;
    this.#hand();
  }

  /** The queue cannot be read. Who is ACTIVE goes on without it. */
  miss(): void {
    this.#repeatByMs = 0;
    if (this.known.status !== "ACTIVE") this.#say({ kind: "unavailable" });
  }

  /** The same place has too many streams: this one ends. */
  replace(): void {
    const retryMs = retryMsOf(this.#desk.random, 20_000, 10_000);
    this.#say({ kind: "replaced", retryMs });
    this.#isEnding = true;
  }

  /** Breaks a long silence, and ends what has lasted long enough. */
  keepAlive(nowMs: number): void {
    if (this.#parked === null || this.#isEnding) return;
    if (nowMs >= this.#endsAtMs) {
      this.#say({ kind: "reconnect", retryMs: retryMsOf(this.#desk.random, 0, 500) });
      this.#isEnding = true;
    } else if (nowMs >= this.#speakByMs) {
      this.#say({ kind: "silence" });
    }
  }

  #say(word: StreamEvent): void {
    if (this.#isOver || this.#isEnding) return;
    this.#word = word;
    this.#hand();
  }

  /** Gives a waiting reader what there is. */
  #hand(): void {
    const parked = this.#parked;
    if (parked === null) return;
    const chunk = this.#take();
    if (chunk === null) return;
    this.#parked = null;
    parked({ done: false, value: chunk });
  }

  #take(): Chunk | null {
    const { encode, random, nowMs } = this.#desk;
    if (!this.#isBeforeDraw && this.#word === null) return null;
    const atMs = nowMs();
    // Uneven: who was told something together would otherwise need a sign of life together.
    this.#speakByMs = atMs + Math.floor(silentMsMax * (0.8 + random() * 0.2));
    if (!this.#isBeforeDraw) {
      const word = this.#word ?? { kind: "silence" };
      this.#word = null;
      return encode(word);
    }
    this.#isBeforeDraw = false;
    this.#repeatByMs = atMs + unchangedMsMax;
    const retryMs = this.#isFirst ? retryMsOf(random, 1_000, 4_000) : null;
    this.#isFirst = false;
    return encode({ kind: "status", status: this.known, retryMs });
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#desk.leave(this);
    const parked = this.#parked;
    this.#parked = null;
    parked?.({ done: true, value: undefined });
  }
}
