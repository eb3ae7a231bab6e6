import type {
  CallOptions,
  Client,
  Operation,
  Queue,
  Reservation,
  Result,
  SeatingPlan,
  Ticket,
} from "../../sdk/index.ts";
import type { SeatsSeen } from "./seats-seen.ts";
import type { TicketLife } from "./ticket-life.ts";
import type { Wish } from "./wishes.ts";

/**
 * The behaviour of a fan: most buy, some leave, some are absent for a while, some poll far too often, some
 * hold seats and never pay, and some do so again and again on purpose.
 */
export type Kind = "buyer" | "leaver" | "sleeper" | "hammer" | "abandoner" | "hoarder";

export type Stage = "arriving" | "waiting" | "shopping" | "done";
export type Ending =
  | "bought"
  | "left"
  /** Held seats and did not pay; the hold lapses. */
  | "abandoned"
  /** Held seats again and again, and paid none. */
  | "hoarded"
  /** Was ACTIVE, and found no seat to reserve. */
  | "no-seat"
  /** Held seats that an operator released, or that lapsed before the payment. */
  | "lost-hold"
  | "sold-out"
  | "closed"
  | "refused"
  | "time-over"
  | "";

export interface Fan {
  readonly number: number;
  readonly kind: Kind;
  userId: string;
  stage: Stage;
  ending: Ending;
  joinedAtMs: number;
  admittedAtMs: number;
  /** How often the position rose within one epoch of the queue. */
  rises: number;
  /** The maps that an ACTIVE fan has, by date. */
  readonly maps: Map<string, SeatsSeen>;
  /** The holds that the fan got, with what was asked for. */
  readonly holds: { readonly wish: Wish; readonly reservation: Reservation }[];
  /** In the answer to the payment, without those that were refunded. */
  tickets: readonly Ticket[];
  /** Of a hoarder. */
  readonly hoarding: {
    holds: number;
    /** Attempts that the limit of unpaid holds refused. */
    refused: number;
    /** The time with seats on hold, in ms. */
    heldMs: number;
    /** When the first hold began, monotonic, in ms; 0: never. */
    sinceMs: number;
  };
}

/** The figures of the queue that say why no user is admitted. */
export type QueueSeen = Pick<Queue, "state" | "active" | "seatsAvailable">;

export const queueSeen = ({ state, active, seatsAvailable }: Queue): QueueSeen => ({
  state,
  active,
  seatsAvailable,
});

/** The state that all fans share. */
export interface Crowd {
  readonly client: Client;
  readonly concertId: string;
  readonly hall: SeatingPlan;
  /** The most seats of a user. */
  readonly seatsMax: number;
  readonly signal: AbortSignal;
  readonly fans: readonly Fan[];
  /** Refusals by operation and code. */
  readonly refusals: Map<string, number>;
  /** Maps whose counts were not those of their seats. */
  readonly mapFaults: Set<string>;
  readonly life: TicketLife;
  /** The queue about a second ago; null before the first answer, and without one. */
  queue: QueueSeen | null;
  requests: number;
}

const kindOf = (chance: number): Kind => {
  if (chance < 0.74) return "buyer";
  if (chance < 0.78) return "abandoner";
  if (chance < 0.85) return "leaver";
  return chance < 0.93 ? "sleeper" : "hammer";
};

/** Makes fans; the first ones are the hoarders. */
export const makeFans = (count: number, hoarders = 0): Fan[] =>
  Array.from({ length: count }, (_, number) => ({
    number,
    kind: number < hoarders ? "hoarder" : kindOf(Math.random()),
    userId: "",
    stage: "arriving",
    ending: "",
    joinedAtMs: 0,
    admittedAtMs: 0,
    rises: 0,
    maps: new Map(),
    holds: [],
    tickets: [],
    hoarding: { holds: 0, refused: 0, heldMs: 0, sinceMs: 0 },
  }));

const shopping = /\/(?:dates|reservations|payments|balance)\b/;

/** Limits the requests in flight: thousands of fans need not have as many connections. */
export const boundedFetch = (inFlightMax: number): typeof fetch => {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (...request) => {
    // An ACTIVE fan does not wait behind thousands of polls: a real one has a device of its own.
    if (typeof request[0] === "string" && shopping.test(request[0])) return fetch(...request);
    if (running >= inFlightMax) await new Promise<void>((resolve) => queue.push(resolve));
    running += 1;
    try {
      return await fetch(...request);
    } finally {
      running -= 1;
      queue.shift()?.();
    }
  };
};

/** Calls an operation, and counts its refusals. */
export const callAs = async <Input extends object, Value, Code extends string>(
  crowd: Crowd,
  operation: Operation<Input, Value, Code>,
  input: Input,
  options: CallOptions,
): Promise<Result<Value, Code>> => {
  const count = (code: string): void => {
    const name = `${operation.method} ${operation.path} ${code}`;
    crowd.refusals.set(name, (crowd.refusals.get(name) ?? 0) + 1);
  };
  crowd.requests += 1;
  const result = await crowd.client.call(operation, input, {
    signal: crowd.signal,
    ...options,
    onWait: (failure) => {
      crowd.requests += 1;
      count(failure.code);
    },
  });
  if (!result.ok && !crowd.signal.aborted) count(result.code);
  return result;
};
