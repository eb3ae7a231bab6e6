/**
 * How long a read that shows a seat as taken counts, in ms. It counts from before the read was sent, by the monotonic
 * clock of the instance, which also runs while the process is frozen.
 */
export const trustMs = 10;

/** From this age on a read is renewed in the background, so that no attempt on a hot seat waits for one. */
export const renewAfterMs = trustMs / 2;

/**
 * How long a release waits between its commit and its answer, in ms. After it no instance trusts a read that was sent
 * before the commit. The millisecond more is for the clocks of two machines, which do not run equally fast.
 */
export const releaseDelayMs = trustMs + 1;

/** The seats that committed reads of the last moment have shown as taken. */
export interface KnownTaken {
  /** Whether each of the seats is known as taken. False for none. */
  hasAll(seats: readonly string[]): boolean;
  /** Whether a read of one of the seats is old enough to be renewed. False for seats that are not known. */
  shouldRenew(seats: readonly string[]): boolean;
  /**
   * Notes the result of a read.
   *
   * - `seats`    those that the read has asked for
   * - `staying`  those of them that are taken, and whose hold does not end while the read counts
   * - `sentMs`   the moment before the read was sent
   */
  note(seats: Iterable<string>, staying: ReadonlySet<string>, sentMs: number): void;
}

/** Returns an empty memory. It keeps the seats of the reads of the last `trustMs`, and those of the last read. */
export const knownTaken = (monotonicMs: () => number): KnownTaken => {
  /** The moments before the reads, the oldest first. */
  const sent = new Map<string, number>();

  const isTrusted = (sentMs: number | undefined, nowMs: number): boolean =>
    sentMs !== undefined && nowMs - sentMs <= trustMs;

  return {
    hasAll(seats) {
      const nowMs = monotonicMs();
      return seats.length > 0 && seats.every((seat) => isTrusted(sent.get(seat), nowMs));
    },
    shouldRenew(seats) {
      const nowMs = monotonicMs();
      return seats.some((seat) => nowMs - (sent.get(seat) ?? nowMs) >= renewAfterMs);
    },
    note(seats, staying, sentMs) {
      const nowMs = monotonicMs();
      for (const [seat, oldMs] of sent) {
        if (isTrusted(oldMs, nowMs)) break;
        sent.delete(seat);
      }
      for (const seat of seats) {
        sent.delete(seat);
        if (staying.has(seat)) sent.set(seat, sentMs);
      }
    },
  };
};
