import { formatDate, formatMoney } from "../shared/format.ts";
import { formatNumber } from "../shared/language.ts";
import { texts } from "./texts.ts";

export type Values = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Lifts the members of nested objects to the top, such as the fields of a policy. */
const flat = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]): [string, unknown][] =>
      isObject(value) ? Object.entries(value) : [[name, value]],
    ),
  );

const nameOf = (name: string): string => {
  const t = texts();
  const own: Readonly<Record<string, string>> = {
    maxActive: t.cap,
    admissionsPerMinute: t.rate,
    timeZone: t.zone,
    userId: t.userIdLabel,
    reservationId: t.reservation,
    status: t.statusLabel,
  };
  const label = own[name] ?? (t as Readonly<Record<string, unknown>>)[name];
  return typeof label === "string" ? label : name;
};

interface ShowDate {
  readonly date: string;
}
interface Grade {
  readonly name: string;
  readonly price: number;
  readonly seats: readonly [number, number];
}

const listOf = (name: string, list: readonly unknown[], currency: string): string => {
  if (name === "dates")
    return (list as readonly ShowDate[]).map((it) => formatDate(it.date)).join(", ");
  if (name !== "grades") return list.map(String).join(", ");
  return (list as readonly Grade[])
    .map(({ name: grade, price, seats }) => {
      const [from, to] = seats;
      return `${grade} ${from}–${to}: ${formatMoney(price, currency)}`;
    })
    .join(", ");
};

/** Text of a reservation's status. The audit trail records HELD and CANCELLED. */
const statusOf = (status: string): string =>
  (texts().status as Readonly<Record<string, string>>)[status] ?? status;

const isMoment = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** How the values of a sale are written. */
export interface SaleFormat {
  readonly currency: string;
  readonly moment: (at: string) => string;
}

const textOf = (name: string, value: unknown, { currency, moment }: SaleFormat): string => {
  if (value === null || value === undefined) return "–";
  if (Array.isArray(value)) return listOf(name, value, currency);
  if (typeof value === "number") return formatNumber(value);
  if (name === "mode") return value === "lottery" ? texts().lottery : texts().fifo;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (name === "date") return formatDate(text);
  if (name === "status") return statusOf(text);
  return isMoment.test(text) ? moment(text) : text;
};

export interface Changed {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** The fields that differ, with their values as text. */
export const changesOf = (
  before: Values | null,
  after: Values | null,
  format: SaleFormat,
): readonly Changed[] => {
  const [old, next] = [before === null ? null : flat(before), after === null ? null : flat(after)];
  const names = new Set([...Object.keys(old ?? {}), ...Object.keys(next ?? {})]);
  return [...names].flatMap((name): Changed[] => {
    const valueOf = (values: Values | null): string | null =>
      values === null || !(name in values) ? null : textOf(name, values[name], format);
    const change = { name: nameOf(name), before: valueOf(old), after: valueOf(next) };
    return change.before === change.after ? [] : [change];
  });
};
