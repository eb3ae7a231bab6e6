import type { ForecastInput, ForecastPolicy } from "../../src/queue/admission/domain/forecast.ts";

/** A kind of user, once admitted. Times are in seconds: at least the first one, and the second one more on average. */
export interface Kind {
  /** How many of this kind there are, compared with the others. */
  readonly weight: number;
  readonly shops: readonly [number, number];
  /** The share that takes seats; the others leave. */
  readonly buys: number;
  /** From the hold to the payment, never longer than the hold; null: never pays. */
  readonly pays: readonly [number, number] | null;
  /** Takes seats again when the hold has lapsed, until the session ends. */
  readonly hoards?: boolean;
}

export interface SaleSetup {
  readonly name: string;
  /** Users in the queue when it opens, and users who join in a second of the first half hour. */
  readonly users: number;
  readonly joining?: number;
  readonly seats: number;
  readonly policy?: Partial<ForecastPolicy>;
  readonly kinds: readonly Kind[];
  /** Of the users whose turn comes, the share that is absent and never returns. */
  readonly absent?: number;
  /** Of the admitted users, the share that does not claim the slot. */
  readonly unclaimed?: number;
  /** Of the waiting users, the share that leaves in a second. */
  readonly leaving?: number;
  /** How much longer users shop when the last seats are sold; 0: as long as at the beginning. */
  readonly slowing?: number;
}

/** A user of a simulated sale, and how it ended for that user. */
export interface SimulatedUser {
  readonly leavesAt: number;
  readonly isAbsent: boolean;
  /** Null: never. */
  admittedAt: number | null;
  hasLeft: boolean;
}

interface Turn {
  readonly kind: Kind;
  readonly isClaimed: boolean;
  readonly sessionEnd: number;
  readonly claimEnd: number;
  shopsUntil: number;
  seats: number;
  holdEnd: number;
  paysAt: number;
  isOver: boolean;
}

const policyOf = (setup: SaleSetup): ForecastPolicy => ({
  ...{ admissionsPerMinute: 600, maxActive: 200, shoppersPerSeat: 2 },
  ...{ sessionSeconds: 600, holdSeconds: 300, maxSeatsPerUser: 4 },
  ...setup.policy,
});

const claimSeconds = 60;
const joiningSeconds = 1_800;
const secondsMax = 4 * 3_600;

/** A generator of numbers from 0 to 1 (mulberry32), the same ones for the same seed. */
const randomOf = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A sale in steps of one second, with the admission rules of the server and users at random. */
export const simulatedSale = (setup: SaleSetup, seed: number) => {
  const random = randomOf(seed);
  const after = ([least, mean]: readonly [number, number]): number =>
    least - Math.log(1 - random()) * mean;
  const policy = policyOf(setup);
  const perSecond = policy.admissionsPerMinute / 60;
  const sale = {
    atSecond: -1,
    queue: [] as SimulatedUser[],
    turns: [] as Turn[],
    seats: { available: setup.seats, held: 0, sold: 0 },
    firstAdmittedAt: null as number | null,
    lastAdmittedAt: 0,
    tokens: Math.max(1, perSecond),
    skipped: 0,
    admittedTotal: 0,
    counts: { ended: 0, paid: 0, leftWaiting: 0, activeMs: 0, holdingMs: 0, waitingMs: 0 },
  };
  const { seats, counts } = sale;

  const join = (count: number): void => {
    for (let n = 0; n < count; n += 1) {
      const leavesAt = setup.leaving ? sale.atSecond + after([0, 1 / setup.leaving]) : Infinity;
      const isAbsent = random() < (setup.absent ?? 0);
      sale.queue.push({ leavesAt, isAbsent, admittedAt: null, hasLeft: false });
    }
  };

  const anyKind = (): Kind => {
    let chance = random() * setup.kinds.reduce((sum, { weight }) => sum + weight, 0);
    const found = setup.kinds.find(({ weight }) => (chance -= weight) < 0) ?? setup.kinds[0];
    if (found === undefined) throw new Error("a sale has at least one kind of user");
    return found;
  };

  const end = (turn: Turn): void => {
    turn.isOver = true;
    counts.ended += 1;
  };

  const goOnHolding = (turn: Turn): void => {
    const now = sale.atSecond;
    if (now < Math.min(turn.paysAt, turn.holdEnd)) return;
    const isPaid = turn.paysAt < turn.holdEnd;
    seats.held -= turn.seats;
    seats[isPaid ? "sold" : "available"] += turn.seats;
    turn.seats = 0;
    if (isPaid) counts.paid += 1;
    if (isPaid || !turn.kind.hoards || now >= turn.sessionEnd) end(turn);
  };

  const takeSeats = (turn: Turn): void => {
    turn.seats = Math.min(seats.available, 1 + Math.floor(random() * policy.maxSeatsPerUser));
    seats.available -= turn.seats;
    seats.held += turn.seats;
    turn.holdEnd = sale.atSecond + policy.holdSeconds;
    const { pays } = turn.kind;
    turn.paysAt =
      pays === null ? Infinity : Math.min(turn.holdEnd - 1, sale.atSecond + after(pays));
  };

  const goOn = (turn: Turn): void => {
    if (turn.seats > 0) return goOnHolding(turn);
    const now = sale.atSecond;
    if (!turn.isClaimed) {
      if (now < turn.claimEnd) return;
      sale.skipped += 1;
      return end(turn);
    }
    if (now < Math.min(turn.shopsUntil, turn.sessionEnd)) return;
    const mayTake = now < turn.sessionEnd && seats.available > 0;
    if (mayTake && random() < turn.kind.buys) takeSeats(turn);
    else end(turn);
  };

  const admit = (user: SimulatedUser): void => {
    const now = sale.atSecond;
    const kind = anyKind();
    const slower = 1 + ((setup.slowing ?? 0) * seats.sold) / setup.seats;
    user.admittedAt = now;
    sale.firstAdmittedAt ??= now;
    sale.lastAdmittedAt = now;
    sale.admittedTotal += 1;
    sale.turns.push({
      kind,
      isClaimed: random() >= (setup.unclaimed ?? 0),
      sessionEnd: now + policy.sessionSeconds,
      claimEnd: now + claimSeconds,
      shopsUntil: now + slower * after(kind.shops),
      ...{ seats: 0, holdEnd: 0, paysAt: Infinity, isOver: false },
    });
  };

  const holding = (): number => sale.turns.filter((turn) => turn.seats > 0).length;

  const pass = (): void => {
    sale.tokens = Math.min(Math.max(1, perSecond), sale.tokens + perSecond);
    const shoppers = sale.turns.length - holding();
    const room = Math.min(
      Math.floor(sale.tokens),
      policy.maxActive - sale.turns.length,
      Math.floor(policy.shoppersPerSeat * seats.available) - shoppers,
    );
    let [admitted, met] = [0, 0];
    for (; admitted < room && met < sale.queue.length; met += 1) {
      const user = sale.queue[met];
      if (user === undefined) break;
      if (user.isAbsent) sale.skipped += 1;
      else {
        admit(user);
        admitted += 1;
      }
    }
    sale.queue.splice(0, met);
    sale.tokens -= admitted;
  };

  const leave = (): void => {
    const left = sale.queue.filter((user) => user.leavesAt <= sale.atSecond);
    for (const user of left) user.hasLeft = true;
    counts.leftWaiting += left.length;
    if (left.length > 0) sale.queue = sale.queue.filter((user) => !user.hasLeft);
  };

  join(setup.users);

  return {
    sale,
    /** Whether there is another second. */
    next(): boolean {
      const isOver = seats.available + seats.held === 0;
      const canJoin = (setup.joining ?? 0) > 0 && sale.atSecond < joiningSeconds;
      const isEmpty = sale.queue.length === 0 && !canJoin;
      if (isOver || isEmpty || sale.atSecond >= secondsMax) return false;
      counts.activeMs += 1_000 * sale.turns.length;
      counts.holdingMs += 1_000 * holding();
      counts.waitingMs += 1_000 * sale.queue.length;
      sale.atSecond += 1;
      if (canJoin)
        join(Math.floor(setup.joining ?? 0) + (random() < (setup.joining ?? 0) % 1 ? 1 : 0));
      for (const turn of sale.turns) goOn(turn);
      sale.turns = sale.turns.filter((turn) => !turn.isOver);
      leave();
      pass();
      return true;
    },
    random,
    /** The input of a forecast at this second. */
    input(): ForecastInput {
      return {
        policy,
        ramp: { share: 1, secondsLeft: 0 },
        waiting: sale.queue.length,
        active: sale.turns.length,
        holding: holding(),
        skipped: sale.skipped,
        admittedTotal: sale.admittedTotal,
        admittingSeconds: sale.atSecond - (sale.firstAdmittedAt ?? sale.atSecond),
        turns: { ...counts, buyers: counts.paid },
        sold: seats.sold,
        seatsAvailable: seats.available,
      };
    },
  };
};
