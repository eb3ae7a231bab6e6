/**
 * A shop with races on purpose: each call reads, pauses and then writes what it has read.
 * The controls run the same races against it, so that each checker is seen to report a violation.
 */
export interface NaiveShop {
  reserve(user: string, seatNumbers: readonly number[]): Promise<string>;
  pay(user: string, price: number): Promise<string>;
  charge(key: string, amount: number): Promise<{ verdict: string; text: string }>;
  join(): Promise<{ epoch: number; seq: number }>;
  readonly balances: Map<string, number>;
}

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const naiveShop = (): NaiveShop => {
  const owners = new Map<number, string>();
  const stored = new Map<string, string>();
  const balances = new Map<string, number>();
  let charges = 0;
  let counter = 0;
  return {
    balances,
    reserve: async (user, seatNumbers) => {
      if (seatNumbers.some((it) => owners.has(it))) return "409 SEAT_UNAVAILABLE";
      await pause();
      for (const seat of seatNumbers) owners.set(seat, user);
      return "201";
    },
    pay: async (user, price) => {
      const balance = balances.get(user) ?? 0;
      if (balance < price) return "402 INSUFFICIENT_BALANCE";
      await pause();
      balances.set(user, balance - price);
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
    join: async () => {
      const seen = counter;
      await pause();
      counter = seen + 1;
      return { epoch: 1, seq: counter };
    },
  };
};
