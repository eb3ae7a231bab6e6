import { formatDate, formatMoney } from "../shared/format.ts";
import { formatNumber } from "../shared/language.ts";
import type { SeatingPlan } from "../shared/hall/plan.ts";
import { goodsTexts } from "./goods/goods-texts.ts";
import { numbersInRuns, seatsText } from "./hall/seats-text.ts";
import { texts } from "./texts.ts";

export type Values = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Lifts the members of nested objects to the top, such as the fields of a policy. */
const flat = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]): [string, unknown][] =>
      isObject(value) && name !== "refunds" && name !== "transfers"
        ? Object.entries(value)
        : [[name, value]],
    ),
  );

const nameOf = (name: string): string => {
  const t = texts();
  const { productId, orderId, concertId, amount, payable, stock, perUser, requiresTurn } =
    goodsTexts();
  const own: Readonly<Record<string, string>> = {
    ...{ productId, orderId, concertId, amount, payable, stock, perUser, requiresTurn },
    maxActive: t.cap,
    admissionsPerMinute: t.rate,
    timeZone: t.zone,
    userId: t.userIdLabel,
    reservationId: t.reservation,
    status: t.statusLabel,
    seats: t.seatNumbers,
  };
  const label = own[name] ?? (t as Readonly<Record<string, unknown>>)[name];
  return typeof label === "string" ? label : name;
};

interface ShowDate {
  readonly date: string;
  readonly startsAt: string;
}
interface Grade {
  readonly name: string;
  readonly price: number;
  /** None in a hall with sections. */
  readonly seats?: readonly [number, number];
}

const listOf = (
  name: string,
  list: readonly unknown[],
  { currency, moment }: SaleFormat,
): string => {
  if (name === "dates")
    return (list as readonly ShowDate[]).map((it) => moment(it.startsAt)).join(", ");
  if (name !== "grades") return list.map(String).join(", ");
  return (list as readonly Grade[])
    .map(({ name: grade, price, seats }) =>
      [grade, ...(seats === undefined ? [] : [seats.join("–")])]
        .join(" ")
        .concat(`: ${formatMoney(price, currency)}`),
    )
    .join(", ");
};

/** The text of a value that is one of a few words; null for other values. */
const wordOf = (name: string, value: string): string | null => {
  const t = texts();
  const { yes, no, status } = goodsTexts();
  const yesOrNo = { true: yes, false: no };
  const words: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    mode: { lottery: t.lottery, fifo: t.fifo },
    singleSeats: { refused: t.singleSeatsRefused, allowed: t.singleSeatsAllowed },
    waitingList: { true: t.waitingListOn, false: t.waitingListOff },
    requiresTurn: yesOrNo,
    payable: yesOrNo,
    status: { ...status, ...t.status },
  };
  return words[name]?.[value] ?? null;
};

const isMoment = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** How the values of a sale are written. */
export interface SaleFormat {
  readonly currency: string;
  readonly moment: (at: string) => string;
  /** The names of the seats; null while they are not known. */
  readonly plan: SeatingPlan | null;
}

/** Seats by their names; null for other values. The audit trail has their numbers, as a list or in runs. */
const seatsOf = (name: string, value: unknown, plan: SeatingPlan | null): string | null => {
  if (plan === null || (name !== "seats" && name !== "seatNumbers")) return null;
  if (typeof value === "string") return seatsText(plan, numbersInRuns(value));
  return Array.isArray(value) ? seatsText(plan, value.map(Number)) : null;
};

const refundsText = ({ until, fees }: Values): string =>
  texts().refundRule(
    formatNumber(Number(until)),
    (fees as readonly { readonly daysBefore: number; readonly percent: number }[])
      .map(({ daysBefore, percent }) => `≤ ${daysBefore}: ${percent} %`)
      .join(", "),
  );
const transfersText = ({ until, perTicket }: Values): string =>
  texts().transferRule(formatNumber(Number(until)), formatNumber(Number(perTicket)));

/** The text of a rule of the policy; null for other values. */
const ruleOf = (name: string, value: Values): string | null => {
  if (name === "refunds") return refundsText(value);
  return name === "transfers" ? transfersText(value) : null;
};

const amounts: readonly string[] = ["price", "amount"];

const textOf = (name: string, value: unknown, format: SaleFormat): string => {
  if (value === null || value === undefined) return "–";
  const rule = isObject(value) ? ruleOf(name, value) : null;
  if (rule !== null) return rule;
  if (Array.isArray(value)) return listOf(name, value, format);
  if (typeof value === "number")
    return amounts.includes(name) ? formatMoney(value, format.currency) : formatNumber(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (name === "date") return formatDate(text);
  const word = wordOf(name, text);
  if (word !== null) return word;
  return isMoment.test(text) ? format.moment(text) : text;
};

export interface Changed {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** The fields that differ, with their values as text, and the date that a change of seats is about. */
export const changesOf = (
  before: Values | null,
  after: Values | null,
  format: SaleFormat,
): readonly Changed[] => {
  const [old, next] = [before === null ? null : flat(before), after === null ? null : flat(after)];
  const names = new Set([...Object.keys(old ?? {}), ...Object.keys(next ?? {})]);
  return [...names].flatMap((name): Changed[] => {
    const valueOf = (values: Values | null): string | null =>
      values === null || !(name in values)
        ? null
        : (seatsOf(name, values[name], format.plan) ?? textOf(name, values[name], format));
    const change = { name: nameOf(name), before: valueOf(old), after: valueOf(next) };
    if (change.before !== change.after) return [change];
    return name === "date" ? [{ ...change, before: null }] : [];
  });
};
