import { formatDate, formatMoney, formatNumber } from "../shared/language.ts";
import { moment } from "./parts.tsx";
import { words } from "./words.ts";

export type Values = Readonly<Record<string, unknown>>;

const isValues = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** With the members of members at the top, named alone: a policy's settings beside the rest. */
const flat = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]): [string, unknown][] =>
      isValues(value) ? Object.entries(value) : [[name, value]],
    ),
  );

const nameOf = (name: string): string => {
  const w = words();
  const own: Readonly<Record<string, string>> = {
    maxActive: w.cap,
    admissionsPerMinute: w.rate,
    timeZone: w.zone,
    userId: w.userIdOf,
    reservationId: w.reservation,
    status: w.statusOf,
  };
  const label = own[name] ?? (w as Readonly<Record<string, unknown>>)[name];
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

/** What a reservation's status is called; the audit trail knows that it is held or released. */
const statusOf = (status: string): string =>
  (words().status as Readonly<Record<string, string>>)[status] ?? status;

const isMoment = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

const textOf = (name: string, value: unknown, currency: string): string => {
  if (value === null || value === undefined) return "–";
  if (Array.isArray(value)) return listOf(name, value, currency);
  if (typeof value === "number") return formatNumber(value);
  if (name === "mode") return value === "lottery" ? words().lottery : words().fifo;
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

/** What was there and what differs, as people say it. */
export const changesOf = (
  before: Values | null,
  after: Values | null,
  currency: string,
): readonly Changed[] => {
  const [old, next] = [before === null ? null : flat(before), after === null ? null : flat(after)];
  const names = new Set([...Object.keys(old ?? {}), ...Object.keys(next ?? {})]);
  return [...names].flatMap((name): Changed[] => {
    const told = (values: Values | null): string | null =>
      values === null || !(name in values) ? null : textOf(name, values[name], currency);
    const change = { name: nameOf(name), before: told(old), after: told(next) };
    return change.before === change.after ? [] : [change];
  });
};
