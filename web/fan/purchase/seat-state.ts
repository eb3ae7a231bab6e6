import type { ComponentType } from "preact";
import type { Failure } from "../../../sdk/client.ts";
import type {
  BookableDates,
  Concert,
  Reservation,
  reserveSeats,
} from "../../../sdk/generated/index.ts";
import type { Operation } from "../../../sdk/operation.ts";
import { signal } from "../../shared/signals.ts";
import { partOf } from "../part-of.ts";
import type { Turn } from "../queue/place-store.ts";
import { pendingRequest } from "../wallet/pending-request.ts";
import type { Hall } from "./hall.ts";

type InputOf<O> = O extends Operation<infer Input, infer _V, infer _C> ? Input : never;

/** A message to the fan. One of `aboveKinds` comes with a new view and stands above it, another below the seats. */
export type Notice =
  | { readonly kind: "lost"; readonly seatNumbers: readonly number[]; readonly wanted: number }
  /** The choice would leave these seats without a free neighbour. */
  | { readonly kind: "single"; readonly seatNumbers: readonly number[] }
  | { readonly kind: "tooFew"; readonly available: number }
  | { readonly kind: "holdLimit"; readonly againInMs: number | null }
  | { readonly kind: "refused"; readonly failure: Failure }
  | {
      readonly kind:
        | "full"
        | "limit"
        | "gone"
        | "soldOut"
        | "saleEnded"
        | "unknown"
        | "asking"
        | "expired"
        | "released"
        | "cannotPay"
        | "elsewhere";
    };

/** Notices that come with a new view. They stay until it ends: the seats must not move under the fan's finger. */
export const aboveKinds: readonly Notice["kind"][] = [
  "expired",
  "released",
  "cannotPay",
  "elsewhere",
];

/** Seats by their numbers, or the wish for the best ones, which the server chooses. */
export type Wish = Omit<InputOf<typeof reserveSeats>["body"], "date">;

/** Seats that the page asks to hold. The token of the first attempt serves for each further one. */
interface HoldRequest {
  readonly date: string;
  readonly wish: Wish;
  readonly token: string;
}

/** Selects a date and seats in a hall. */
export type HallView = ComponentType<{
  readonly store: SeatStore;
  readonly concert: Concert;
  readonly hall: Hall;
}>;

const createSeatStore = (turn: Turn) => ({
  turn,
  place: turn.place,
  storageKey: turn.key("selection"),
  dates: signal<BookableDates["items"] | null>(null),
  date: signal<string | null>(null),
  /** Null until the seating plan is read. */
  hall: signal<Hall | null>(null),
  /** The view of a hall with sections; null for one without. */
  sectionsView: signal<HallView | null>(null),
  /** The last request for the dates, or for the seats, failed. */
  isUnavailable: signal(false),
  /** The chosen seats of each date. One reservation has the seats of one date. */
  choices: signal<Readonly<Record<string, readonly number[]>>>({}),
  /** Seats of the concert that the user has paid for. */
  owned: signal(0),
  notice: signal<Notice | null>(null),
  reservation: signal<Reservation | null>(null),
  /** It is known whether the user holds a reservation. */
  isReady: signal(false),
  isReserving: signal(false),
  /** A hold without an answer, which a reload repeats. */
  pendingHold: pendingRequest<HoldRequest>(turn.key("hold")),
  /** The seat of the map that the Tab key reaches; arrow keys move it. */
  tabStop: signal(1),
});

export type SeatStore = ReturnType<typeof createSeatStore>;

/** The seats of a concert and the fan's selection, in one turn. */
export const seatStoreOf = (turn: Turn): SeatStore => partOf(turn, createSeatStore);

/** The token and the signal of a turn's requests. */
export const ofTurn = ({ turn }: SeatStore) => ({ token: turn.token(), signal: turn.signal });
