/**
 * A shop with races on purpose: each call reads, pauses and then writes what it has read.
 * The controls run the same races against it, so that each checker is seen to report a violation.
 */
export interface NaiveShop {
  reserve(user: string, seatNumbers: readonly number[]): Promise<string>;
  pay(user: string, price: number): Promise<string>;
  charge(key: string, amount: number): Promise<{ verdict: string; text: string }>;
  join(): Promise<{ epoch: number; seq: number }>;
  scan(ticket: string): Promise<string>;
  claimTicket(ticket: string): Promise<string>;
  cancelTransfer(ticket: string): Promise<string>;
  refund(ticket: string): Promise<string>;
  /** Orders one of the pieces of the one product. */
  order(pieces: number): Promise<string>;
  /** Returns the number of effects before it; `effects` lists those of `pay` by their numbers. */
  cancel(): number;
  readonly effects: number[];
  readonly balances: Map<string, number>;
  /** One instance admits users from the front, one for each seat that it takes for free. Returns them. */
  admit(users: string[], seats: number): Promise<string[]>;
}

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const naiveShop = (): NaiveShop => {
  const owners = new Map<number, string>();
  const used = new Set<string>();
  const claimed = new Set<string>();
  const cancelled = new Set<string>();
  const refunded = new Set<string>();
  const stored = new Map<string, string>();
  const balances = new Map<string, number>();
  let ordered = 0;
  let charges = 0;
  let counter = 0;
  let admitted = 0;
  let step = 0;
  let isCancelled = false;
  const effects: number[] = [];
  return {
    balances,
    effects,
    cancel: () => {
      isCancelled = true;
      return ++step;
    },
    reserve: async (user, seatNumbers) => {
      if (seatNumbers.some((it) => owners.has(it))) return "409 SEAT_UNAVAILABLE";
      await pause();
      for (const seat of seatNumbers) owners.set(seat, user);
      return "201";
    },
    pay: async (user, price) => {
      if (isCancelled) return "409 CONCERT_CANCELLED";
      const balance = balances.get(user) ?? 0;
      if (balance < price) return "402 INSUFFICIENT_BALANCE";
      await pause();
      balances.set(user, balance - price);
      effects.push(++step);
      return "201";
    },
    charge: async (key, amount) => {
      const answer = stored.get(key);
      if (answer !== undefined) return { verdict: "201", text: answer };
      await pause();
      charges += 1;
      const text = `charge ${charges} of ${amount}`;
      stored.set(key, text);
      return { verdict: "201", text };
    },
    admit: async (users, seats) => {
      const free = seats - admitted;
      await pause();
      admitted += free;
      return users.splice(0, free);
    },
    scan: async (ticket) => {
      if (used.has(ticket)) return "ALREADY_USED";
      if (refunded.has(ticket)) return "VOID";
      await pause();
      used.add(ticket);
      return "201";
    },
    claimTicket: async (ticket) => {
      if (claimed.has(ticket)) return "409 TRANSFER_CLAIMED";
      if (cancelled.has(ticket) || used.has(ticket)) return "404 TRANSFER_NOT_FOUND";
      await pause();
      claimed.add(ticket);
      return "201";
    },
    cancelTransfer: async (ticket) => {
      if (claimed.has(ticket)) return "409 TRANSFER_CLAIMED";
      await pause();
      cancelled.add(ticket);
      return "204";
    },
    refund: async (ticket) => {
      if (used.has(ticket) || refunded.has(ticket)) return "409 NOT_REFUNDABLE";
      await pause();
      refunded.add(ticket);
      return "201";
    },
    order: async (pieces) => {
      if (ordered >= pieces) return "409 OUT_OF_STOCK";
      await pause();
      ordered += 1;
      return "201";
    },
    join: async () => {
      const seen = counter;
      await pause();
      counter = seen + 1;
      return { epoch: 1, seq: counter };
    },
  };
};
