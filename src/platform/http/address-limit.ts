/** A limit of one kind of request by the address of the client. */
export interface AddressLimit {
  /** Counts a request of the address. Returns 0, or the whole seconds to wait; then it counts nothing. */
  take(address: string): number;
  /** Returns what `take` would return, and counts nothing. */
  waitSeconds(address: string): number;
}

/** The counts of a limit, which the instances add up. */
export interface SharedCounts {
  readonly name: string;
  /** The time that one request adds to the backlog of its address. */
  readonly intervalMs: number;
  /** Whether `takeCounts` would return any. */
  hasCounts(): boolean;
  /** Calls the listener at each request that counts. */
  onCount(listener: () => void): void;
  /** Returns the requests of at most `addressesMax` addresses that no earlier call has returned. */
  takeCounts(addressesMax: number): readonly (readonly [address: string, requests: number])[];
  /** Raises the backlog of an address to the one that all instances have counted. */
  raise(address: string, backlogMs: number): void;
}

export interface AddressLimitOptions {
  readonly name: string;
  /** The time between two requests at the steady rate. */
  readonly intervalMs: number;
  /** Requests that an address may send at once after a pause. */
  readonly burst: number;
  /** Whether `takeCounts` is called; without it the limit keeps no counts for others. */
  readonly isShared: boolean;
  nowMs(): number;
}

/** About 10 MB a limit. */
const addressesMax = 100_000;

/** Sets an entry. A full map first forgets the entry that it has had for the longest time. */
const setBounded = (map: Map<string, number>, key: string, value: number): void => {
  if (map.size >= addressesMax && !map.has(key)) map.delete(map.keys().next().value ?? "");
  map.set(key, value);
};

/**
 * Limits addresses to a steady rate after a burst, by the generic cell rate algorithm: each request adds
 * `intervalMs` to the backlog of its address, time removes it, and a backlog of `burst` requests is full.
 * Above 100,000 addresses the limit forgets the oldest one, so it may admit more requests, never fewer.
 */
export const addressLimit = (options: AddressLimitOptions): AddressLimit & SharedCounts => {
  const { name, intervalMs, burst, isShared } = options;
  /** The moment at which the backlog of an address is empty. */
  const emptyAtMs = new Map<string, number>();
  const unshared = new Map<string, number>();
  let onCount: (() => void) | null = null;

  const backlogMs = (address: string, nowMs: number): number =>
    Math.max(0, (emptyAtMs.get(address) ?? nowMs) - nowMs);

  const waitFor = (backlog: number): number => {
    const overMs = backlog - (burst - 1) * intervalMs;
    // A rounding error of a double is no excess.
    return overMs < 0.001 ? 0 : Math.max(1, Math.ceil(overMs / 1000));
  };

  return {
    name,
    intervalMs,
    waitSeconds: (address) => waitFor(backlogMs(address, options.nowMs())),
    take(address) {
      const nowMs = options.nowMs();
      const backlog = backlogMs(address, nowMs);
      const wait = waitFor(backlog);
      if (wait > 0) return wait;
      setBounded(emptyAtMs, address, nowMs + backlog + intervalMs);
      if (isShared) {
        setBounded(unshared, address, (unshared.get(address) ?? 0) + 1);
        onCount?.();
      }
      return 0;
    },
    hasCounts: () => unshared.size > 0,
    onCount(listener) {
      onCount = listener;
    },
    takeCounts(max) {
      const taken: [string, number][] = [];
      for (const entry of unshared) {
        if (taken.length >= max) break;
        taken.push(entry);
      }
      for (const [address] of taken) unshared.delete(address);
      return taken;
    },
    raise(address, sharedMs) {
      const nowMs = options.nowMs();
      const ownMs = (unshared.get(address) ?? 0) * intervalMs;
      const raised = Math.max(backlogMs(address, nowMs), sharedMs + ownMs);
      setBounded(emptyAtMs, address, nowMs + raised);
    },
  };
};
