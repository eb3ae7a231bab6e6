import type { createConcert } from "../../sdk/generated/operator.ts";
import type { Operation } from "../../sdk/operation.ts";
import { fractionDigits, parseAmount } from "../shared/format.ts";
import { momentAt, wallClock } from "../shared/zone.ts";
import { ownZone } from "./moments.ts";
import { amountMessage } from "./amounts.ts";
import { planOf, type PlanDraft } from "./plan/plan-draft.ts";
import type { FieldError } from "./session.ts";

type InputOf<O> = O extends Operation<infer Input, infer _V, infer _C> ? Input : never;
type NewConcert = InputOf<typeof createConcert>["body"];

export interface DraftGrade {
  readonly name: string;
  readonly price: string;
  readonly from: string;
  readonly to: string;
}

export const policyNumbers = [
  "maxActive",
  "admissionsPerMinute",
  "shoppersPerSeat",
  "sessionSeconds",
  "claimSeconds",
  "holdSeconds",
  "maxSeatsPerUser",
  "maxSeatsPerReservation",
  "holdsPerUser",
  "holdCooldownSeconds",
  "idleSeconds",
] as const;

type PolicyNumber = (typeof policyNumbers)[number];

/** The limits against users who hold seats and do not pay, as the contract names them *strict*. */
export const strictNumbers = {
  holdsPerUser: "10",
  holdCooldownSeconds: "60",
  idleSeconds: "180",
} as const satisfies Partial<Record<PolicyNumber, string>>;

/** The rules for refunds by buyers, as typed. */
export interface RefundDraft {
  readonly until: string;
  readonly fees: readonly { readonly daysBefore: string; readonly percent: string }[];
}

/** The rules that are usual for concerts in Korea. */
export const firstRefundRule: RefundDraft = {
  until: "24",
  fees: [
    { daysBefore: "9", percent: "10" },
    { daysBefore: "6", percent: "20" },
    { daysBefore: "2", percent: "30" },
  ],
};
/** The rule for passing tickets on, as texts. */
export interface TransferDraft {
  readonly until: string;
  readonly perTicket: string;
}

/** The first values of a rule: until the day before, and once. */
export const firstTransferRule: TransferDraft = { until: "24", perTicket: "1" };

/** The form of a new sale: texts, as the inputs have them. Times are in the time zone of the sale. */
export interface Draft {
  readonly title: string;
  readonly venue: string;
  readonly timeZone: string;
  readonly publishedAt: string;
  readonly dates: readonly { readonly date: string; readonly startsAt: string }[];
  readonly grades: readonly DraftGrade[];
  /** The seating plan; null for 50 seats by grade. */
  readonly plan: PlanDraft | null;
  readonly mode: "fifo" | "lottery";
  readonly opensAt: string;
  readonly admitsAt: string;
  readonly refunds: RefundDraft | null;
  readonly singleSeats: "allowed" | "refused";
  readonly waitingList: boolean;
  /** Null: no ticket can be passed on. */
  readonly transfers: TransferDraft | null;
  readonly numbers: Readonly<Record<PolicyNumber, string>>;
}

const dayMs = 86_400_000;

/** The zone that the server takes for a sale without one. */
const defaultZone = "Asia/Seoul";

/** The time zone of the sale, in which its times are typed. */
export const zoneOf = ({ timeZone }: Pick<Draft, "timeZone">): string =>
  timeZone.trim() || defaultZone;

/** An amount in whole units of the currency, as the operator types it. */
const samplePrice = (won: number): string =>
  String(fractionDigits() === 0 ? won : Math.round(won / 1_000));

export const firstDraft = (): Draft => ({
  title: "",
  venue: "",
  timeZone: ownZone,
  publishedAt: "",
  dates: [{ date: new Date(Date.now() + 30 * dayMs).toISOString().slice(0, 10), startsAt: "" }],
  grades: [
    { name: "R", price: samplePrice(132_000), from: "1", to: "20" },
    { name: "S", price: samplePrice(99_000), from: "21", to: "50" },
  ],
  plan: null,
  mode: "fifo",
  opensAt: "",
  admitsAt: "",
  refunds: null,
  singleSeats: "allowed",
  waitingList: false,
  transfers: null,
  numbers: {
    maxActive: "200",
    admissionsPerMinute: "600",
    shoppersPerSeat: "2",
    sessionSeconds: "600",
    claimSeconds: "60",
    holdSeconds: "300",
    maxSeatsPerUser: "4",
    maxSeatsPerReservation: "4",
    holdsPerUser: "0",
    holdCooldownSeconds: "0",
    idleSeconds: "0",
  },
});

const lobbyMs = 10 * 60_000;

/** Changes the mode. A lottery gets a lobby of ten minutes unless the operator has typed its end. */
export const inMode = (draft: Draft, mode: string): Partial<Draft> => {
  if (mode !== "lottery") return { mode: "fifo" };
  const { opensAt, admitsAt } = draft;
  const zone = zoneOf(draft);
  const fromMs = momentAt(opensAt, zone) ?? Date.now();
  return { mode, admitsAt: admitsAt === "" ? (wallClock(fromMs + lobbyMs, zone) ?? "") : admitsAt };
};

/** Parses a time of the sale's zone. Text that is no time is sent as it is, and the server refuses it. */
const instant = (draft: Draft, typed: string): string => {
  const ms = momentAt(typed, zoneOf(draft));
  return ms === null ? typed : new Date(ms).toISOString();
};

/** The errors that the server cannot see, because a price is sent in the minor unit. */
export const priceErrors = ({ grades }: Draft): readonly FieldError[] =>
  grades.flatMap(({ price }, n) =>
    parseAmount(price) === null
      ? [{ pointer: `/grades/${n}/price`, message: amountMessage() }]
      : [],
  );

/** Parses a number; the server refuses what is none. */
const numberOf = (typed: string): number => (typed.trim() === "" ? 0 : Number(typed));

/** The rules as the server takes them. Text that is no number is sent as none, and the server refuses it. */
export const refundRuleOf = (rule: RefundDraft | null) =>
  rule && {
    until: Number(rule.until.trim() || Number.NaN),
    fees: rule.fees.map(({ daysBefore, percent }) => ({
      daysBefore: Number(daysBefore.trim() || Number.NaN),
      percent: Number(percent.trim() || Number.NaN),
    })),
  };
export const transferRuleOf = (rule: TransferDraft | null) =>
  rule === null ? null : { until: numberOf(rule.until), perTicket: numberOf(rule.perTicket) };

const numbersOf = (draft: Draft): Record<string, number> =>
  Object.fromEntries(
    Object.entries(draft.numbers)
      .filter(([, typed]) => typed.trim() !== "")
      .map(([name, typed]) => [name, Number(typed)]),
  );

const gradesOf = ({ grades }: Draft): NonNullable<NewConcert["grades"]> =>
  grades.map(({ name, price, from, to }) => ({
    name,
    price: parseAmount(price) ?? 0,
    seats: [numberOf(from), numberOf(to)],
  }));

/** The request body of the new sale. Empty fields take the server's defaults. */
export const requestOf = (draft: Draft): NewConcert => ({
  title: draft.title,
  ...(draft.venue !== "" && { venue: draft.venue }),
  ...(draft.timeZone !== "" && { timeZone: draft.timeZone }),
  ...(draft.publishedAt !== "" && { publishedAt: instant(draft, draft.publishedAt) }),
  dates: draft.dates.map(({ date, startsAt }) => ({
    date,
    ...(startsAt !== "" && { startsAt: instant(draft, startsAt) }),
  })),
  ...(draft.plan === null ? { grades: gradesOf(draft) } : { seatingPlan: planOf(draft.plan) }),
  policy: {
    mode: draft.mode,
    refunds: refundRuleOf(draft.refunds),
    singleSeats: draft.singleSeats,
    waitingList: draft.waitingList,
    transfers: transferRuleOf(draft.transfers),
    ...(draft.opensAt !== "" && { opensAt: instant(draft, draft.opensAt) }),
    ...(draft.mode === "lottery" &&
      draft.admitsAt !== "" && { admitsAt: instant(draft, draft.admitsAt) }),
    ...numbersOf(draft),
  },
});
