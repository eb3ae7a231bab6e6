import { tally } from "#test/support/client.ts";

/**
 * Checkers of races: pure functions from a history of answers to its faults. Each has a control that
 * feeds it a wrong history, or the history of a naive shop behind the same start gate.
 */

type Faults = string[];

const counted = (words: readonly string[]): string => JSON.stringify(tally(words));

/** Exactly `winners` attempts succeed with 201; every other one is refused with one of these verdicts. */
export const exactlyWon = (
  verdicts: readonly string[],
  winners: number,
  losing: readonly string[],
): Faults => {
  const won = verdicts.filter((it) => it === "201").length;
  const odd = verdicts.filter((it) => it !== "201" && !losing.includes(it));
  return [
    ...(won === winners ? [] : [`${won} won instead of ${winners}: ${counted(verdicts)}`]),
    ...(odd.length === 0 ? [] : [`unexpected answers: ${counted(odd)}`]),
  ];
};

export interface KeyedAnswer {
  readonly verdict: string;
  readonly text: string;
}

/** One key, many requests at once: at least one success, all successes the same bytes, the rest are told it is running. */
export const oneIntent = (answers: readonly KeyedAnswer[]): Faults => {
  const won = answers.filter((it) => it.verdict.startsWith("2"));
  const texts = new Set(won.map((it) => `${it.verdict} ${it.text}`));
  const odd = answers.filter(
    (it) => !it.verdict.startsWith("2") && it.verdict !== "409 IDEMPOTENCY_IN_PROGRESS",
  );
  return [
    ...(won.length > 0 ? [] : ["no request succeeded"]),
    ...(texts.size <= 1 ? [] : [`${texts.size} different successes under one key`]),
    ...(odd.length === 0 ? [] : [`unexpected answers: ${counted(odd.map((it) => it.verdict))}`]),
  ];
};

export interface SeatSet {
  readonly verdict: string;
  readonly seatNumbers: readonly number[];
}

/** The sets of the successful attempts have no seat in common. */
export const disjoint = (attempts: readonly SeatSet[]): Faults => {
  const taken = attempts.filter((it) => it.verdict === "201").flatMap((it) => [...it.seatNumbers]);
  const twice = taken.filter((seat, index) => taken.indexOf(seat) !== index);
  return twice.length === 0 ? [] : [`seats given twice: ${twice.join()}`];
};

export interface Joined {
  readonly sentMs: number;
  readonly answeredMs: number;
  readonly epoch: number;
  readonly seq: number;
}

const comparePlaces = (a: Joined, b: Joined): number => a.epoch - b.epoch || a.seq - b.seq;

/** A user who was answered before another asked stands ahead; no place is given twice. */
export const inOrderOfAnswers = (joins: readonly Joined[]): Faults => {
  const faults: Faults = [];
  const places = new Set(joins.map((it) => `${it.epoch}.${it.seq}`));
  if (places.size !== joins.length) faults.push(`${joins.length - places.size} places given twice`);
  const byAnswer = [...joins].sort((a, b) => a.answeredMs - b.answeredMs);
  const bySending = [...joins].sort((a, b) => a.sentMs - b.sentMs);
  let rearmost: Joined | undefined;
  let next = 0;
  for (const join of bySending) {
    for (
      let done = byAnswer[next];
      done !== undefined && done.answeredMs < join.sentMs;
      done = byAnswer[++next]
    )
      if (rearmost === undefined || comparePlaces(done, rearmost) > 0) rearmost = done;
    if (rearmost !== undefined && comparePlaces(rearmost, join) >= 0)
      faults.push(`seq ${join.seq} was asked for after ${rearmost.seq} was answered`);
  }
  return faults;
};

/** In every window the admissions are at most rate x window + what the bucket may hold. */
export const withinRate = (
  admittedAtMs: readonly number[],
  perSecond: number,
  bucket: number,
): Faults => {
  const times = [...admittedAtMs].sort((a, b) => a - b);
  for (const [from, startMs] of times.entries())
    for (let to = from; to < times.length; to += 1) {
      const windowMs = (times[to] ?? startMs) - startMs;
      const count = to - from + 1;
      if (count > (perSecond * windowMs) / 1000 + bucket + 1e-9)
        return [`${count} admitted in ${windowMs} ms at ${perSecond}/s with a bucket of ${bucket}`];
    }
  return [];
};

export interface Stay {
  readonly fromMs: number;
  readonly toMs: number;
}

/** At no moment are more people inside than the cap allows. */
export const withinCap = (stays: readonly Stay[], cap: number): Faults => {
  const steps = stays
    .flatMap((it) => [[it.fromMs, 1] as const, [it.toMs, -1] as const])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let inside = 0;
  let most = 0;
  for (const [, step] of steps) most = Math.max(most, (inside += step));
  return most <= cap ? [] : [`${most} people inside with a cap of ${cap}`];
};

/** As many users are admitted from a waiting list as seats have come back, and they are its first ones, in order. */
export const oneASeat = (
  admitted: readonly string[],
  order: readonly string[],
  seats: number,
): Faults => {
  const skipped = order.slice(0, admitted.length).filter((user, index) => admitted[index] !== user);
  return [
    ...(admitted.length === seats ? [] : [`${admitted.length} admitted for ${seats} seats`]),
    ...(skipped.length === 0 ? [] : [`${skipped.length} admitted out of order`]),
  ];
};

/** No effect comes after the cancelling, and every other attempt is refused because of it. */
export const noneAfter = (
  cancelledAt: number,
  effectsAt: readonly number[],
  verdicts: readonly string[],
): Faults => {
  const late = effectsAt.filter((at) => at > cancelledAt);
  const odd = verdicts.filter((it) => !/^20[01]$/.test(it) && it !== "409 CONCERT_CANCELLED");
  return [
    ...(late.length === 0 ? [] : [`${late.length} effects after the cancelling`]),
    ...(odd.length === 0 ? [] : [`unexpected answers: ${counted(odd)}`]),
  ];
};

export interface Deadline {
  readonly expiresAtMs: number;
  readonly paid: {
    readonly verdict: string;
    readonly sentAtMs: number;
    readonly answeredAtMs: number;
  };
  readonly rival: {
    readonly verdict: string;
    readonly sentAtMs: number;
    readonly answeredAtMs: number;
  };
}

/** A payment against its hold's deadline, with a rival for the seat: one owner, and no success early or late. */
export const oneOwner = (trials: readonly Deadline[]): Faults =>
  trials.flatMap(({ expiresAtMs, paid, rival }) => {
    const faults: Faults = [];
    if (!["201", "410 RESERVATION_EXPIRED"].includes(paid.verdict))
      faults.push(`payment: ${paid.verdict}`);
    if (!["201", "409 SEAT_UNAVAILABLE"].includes(rival.verdict))
      faults.push(`rival: ${rival.verdict}`);
    if (paid.verdict === "201" && rival.verdict === "201") faults.push("both own the seat");
    if (paid.verdict === "201" && paid.sentAtMs > expiresAtMs)
      faults.push("paid after the deadline");
    if (paid.verdict !== "201" && paid.answeredAtMs < expiresAtMs)
      faults.push("expired before its deadline");
    if (rival.verdict === "201" && rival.answeredAtMs < expiresAtMs)
      faults.push("stolen before the deadline");
    return faults;
  });

/** Exactly one of the two happened: the payment, or what was to prevent it. */
export const eitherOr = (
  trials: readonly (readonly [payment: string, other: string])[],
  allowed: readonly string[],
): Faults =>
  trials
    .map((it) => it.join(" & "))
    .filter((it) => !allowed.includes(it))
    .map((it) => `not one of the two: ${it}`);

/** When a request went out and when its answer was there. */
export interface Span {
  readonly sentMs: number;
  readonly answeredMs: number;
}

/** The requests about one seat, by the clock of the callers. */
export interface SeatHistory {
  /** Requests that gave the seat up: refunds, cancellings and so on. */
  readonly releases: readonly Span[];
  /** Requests that took it. */
  readonly takes: readonly Span[];
  /** Requests that were told that it is taken. */
  readonly refusals: readonly Span[];
}

/**
 * A seat is free for each request that goes out after the answer to its release, unless another request may have taken
 * it since.
 */
export const freeOnceReleased = ({ releases, takes, refusals }: SeatHistory): Faults =>
  refusals.flatMap((refusal) => {
    const last = releases
      .filter(({ answeredMs }) => answeredMs < refusal.sentMs)
      .reduce<Span | null>((a, b) => (a !== null && a.answeredMs > b.answeredMs ? a : b), null);
    const isTakenAgain = takes.some(
      (take) => take.answeredMs >= (last?.sentMs ?? 0) && take.sentMs <= refusal.answeredMs,
    );
    return last === null || isTakenAgain
      ? []
      : [`refused though free for ${(refusal.sentMs - last.answeredMs).toFixed(1)} ms`];
  });
