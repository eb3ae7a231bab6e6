import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertInput } from "../../domain/new-concert.ts";
import type { Violation } from "../../domain/violation.ts";
import type { Grade } from "../../domain/hall.ts";
import type { PlanInput, RowInput } from "../../domain/plan-input.ts";
import type { PolicyInput } from "../../domain/policy.ts";
import type { DateInput } from "../../domain/show-dates.ts";
import { parseInstant } from "#kernel/time-zone.ts";
import type { NewConcertBody } from "./new-concert-shapes.ts";
import type { PolicyInputBody } from "./shapes.ts";

/** An input read from a body, with the violations of texts that are not instants. */
export interface Read<Input> {
  readonly input: Input;
  readonly violations: readonly Violation[];
}

type Parse = (pointer: string, text: string) => InstantMs;

const instants = () => {
  const violations: Violation[] = [];
  const parse: Parse = (pointer, text) => {
    const atMs = parseInstant(text);
    if (atMs === null) violations.push({ pointer, rule: "not-an-instant" });
    return atMs ?? Number.NaN;
  };
  return { violations, parse };
};

const policyInput = (body: PolicyInputBody, at: string, parse: Parse): PolicyInput => {
  const { opensAt, admitsAt, ...rest } = body;
  return {
    ...rest,
    ...(opensAt === undefined ? {} : { opensAtMs: parse(`${at}/opensAt`, opensAt) }),
    ...(admitsAt === undefined
      ? {}
      : { admitsAtMs: admitsAt === null ? null : parse(`${at}/admitsAt`, admitsAt) }),
  };
};

export const parsePolicyInput = (body: PolicyInputBody): Read<PolicyInput> => {
  const { violations, parse } = instants();
  return { input: policyInput(body, "", parse), violations };
};

type DateBody = NewConcertBody["dates"][number];

const dateInput = ({ date, startsAt }: DateBody, at: string, parse: Parse): DateInput => ({
  date,
  ...(startsAt === undefined ? {} : { startsAtMs: parse(`${at}/startsAt`, startsAt) }),
});

export const parseDateInput = (body: DateBody): Read<DateInput> => {
  const { violations, parse } = instants();
  return { input: dateInput(body, "", parse), violations };
};

export const parseConcertInput = (body: NewConcertBody): Read<ConcertInput> => {
  const { violations, parse } = instants();
  const { dates, grades, policy, publishedAt, seatingPlan, ...rest } = body;
  const input: ConcertInput = {
    ...rest,
    dates: dates.map((date, index) => dateInput(date, `/dates/${index}`, parse)),
    ...(grades === undefined ? {} : { grades: grades.map(gradeOf) }),
    ...(seatingPlan === undefined ? {} : { seatingPlan: planInput(seatingPlan) }),
    ...(publishedAt === undefined ? {} : { publishedAtMs: parse("/publishedAt", publishedAt) }),
    policy: policyInput(policy ?? {}, "/policy", parse),
  };
  return { input, violations };
};

const planInput = (plan: NonNullable<NewConcertBody["seatingPlan"]>): PlanInput => ({
  ...plan,
  sections: plan.sections.map(({ rows, ...section }) => ({
    ...section,
    ...(rows === undefined ? {} : { rows: rows.map(rowInput) }),
  })),
});

type RowBody = NonNullable<
  NonNullable<NewConcertBody["seatingPlan"]>["sections"][number]["rows"]
>[number];

const rowInput = ({ seats, ...row }: RowBody): RowInput =>
  seats === undefined ? row : { ...row, seats: pairOf(seats) };

const pairOf = ([from = Number.NaN, to = Number.NaN]: readonly number[]) => [from, to] as const;

const gradeOf = (grade: NonNullable<NewConcertBody["grades"]>[number]): Grade => {
  return { name: grade.name, price: grade.price, seats: pairOf(grade.seats) };
};
