import type { createConcert } from "../../sdk/generated/operator.ts";
import type { Operation } from "../../sdk/operation.ts";

type InputOf<O> = O extends Operation<infer Input, infer _V, infer _C> ? Input : never;
type NewConcert = InputOf<typeof createConcert>["body"];

export interface DraftGrade {
  readonly name: string;
  readonly price: string;
  readonly from: string;
  readonly to: string;
}

type PolicyNumber =
  | "maxActive"
  | "admissionsPerMinute"
  | "shoppersPerSeat"
  | "sessionSeconds"
  | "claimSeconds"
  | "holdSeconds"
  | "maxSeatsPerUser"
  | "maxSeatsPerReservation";

/** The form of a new sale: texts, as the inputs have them. */
export interface Draft {
  readonly title: string;
  readonly venue: string;
  readonly timeZone: string;
  readonly dates: readonly { readonly date: string; readonly startsAt: string }[];
  readonly grades: readonly DraftGrade[];
  readonly mode: "fifo" | "lottery";
  readonly opensAt: string;
  readonly admitsAt: string;
  readonly numbers: Readonly<Record<PolicyNumber, string>>;
}

const dayMs = 86_400_000;

export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone || "Asia/Seoul";

export const firstDraft = (): Draft => ({
  title: "",
  venue: "",
  timeZone: ownZone,
  dates: [{ date: new Date(Date.now() + 30 * dayMs).toISOString().slice(0, 10), startsAt: "" }],
  grades: [
    { name: "R", price: "132000", from: "1", to: "20" },
    { name: "S", price: "99000", from: "21", to: "50" },
  ],
  mode: "fifo",
  opensAt: "",
  admitsAt: "",
  numbers: {
    maxActive: "200",
    admissionsPerMinute: "600",
    shoppersPerSeat: "2",
    sessionSeconds: "600",
    claimSeconds: "60",
    holdSeconds: "300",
    maxSeatsPerUser: "4",
    maxSeatsPerReservation: "4",
  },
});

const lobbyMs = 10 * 60_000;

/** Formats a moment for a `datetime-local` input: in the browser's time zone, to the minute. */
const typedMoment = (atMs: number): string => {
  const away = new Date(atMs).getTimezoneOffset() * 60_000;
  return new Date(atMs - away).toISOString().slice(0, 16);
};

/** Changes the mode. A lottery gets a lobby of ten minutes unless the operator has typed its end. */
export const inMode = ({ opensAt, admitsAt }: Draft, mode: string): Partial<Draft> => {
  if (mode !== "lottery") return { mode: "fifo" };
  const fromMs = opensAt === "" ? Date.now() : Date.parse(opensAt);
  return { mode, admitsAt: admitsAt === "" ? typedMoment(fromMs + lobbyMs) : admitsAt };
};

/** Parses a moment in the browser's time zone. Text that is no moment is sent as it is, and the server refuses it. */
const instant = (typed: string): string => {
  const ms = Date.parse(typed);
  return Number.isNaN(ms) ? typed : new Date(ms).toISOString();
};

/** Parses a number; the server refuses what is none. */
const numberOf = (typed: string): number => (typed.trim() === "" ? 0 : Number(typed));

const numbersOf = (draft: Draft): Record<string, number> =>
  Object.fromEntries(
    Object.entries(draft.numbers)
      .filter(([, typed]) => typed.trim() !== "")
      .map(([name, typed]) => [name, Number(typed)]),
  );

/** The request body of the new sale. Empty fields take the server's defaults. */
export const requestOf = (draft: Draft): NewConcert => ({
  title: draft.title,
  ...(draft.venue !== "" && { venue: draft.venue }),
  ...(draft.timeZone !== "" && { timeZone: draft.timeZone }),
  dates: draft.dates.map(({ date, startsAt }) => ({
    date,
    ...(startsAt !== "" && { startsAt: instant(startsAt) }),
  })),
  grades: draft.grades.map(({ name, price, from, to }) => ({
    name,
    price: numberOf(price),
    seats: [numberOf(from), numberOf(to)],
  })),
  policy: {
    mode: draft.mode,
    ...(draft.opensAt !== "" && { opensAt: instant(draft.opensAt) }),
    ...(draft.mode === "lottery" && draft.admitsAt !== "" && { admitsAt: instant(draft.admitsAt) }),
    ...numbersOf(draft),
  },
});
