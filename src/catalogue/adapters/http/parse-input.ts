import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertInput } from "../../domain/new-concert.ts";
import type { Violation } from "../../domain/violation.ts";
import type { Grade } from "../../domain/hall.ts";
import type { PolicyInput } from "../../domain/policy.ts";
import { parseInstant } from "../../domain/time-zone.ts";
import type { NewConcertBody, PolicyInputBody } from "./shapes.ts";

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

export const parseConcertInput = (body: NewConcertBody): Read<ConcertInput> => {
  const { violations, parse } = instants();
  const { dates, grades, policy, publishedAt, ...rest } = body;
  const input: ConcertInput = {
    ...rest,
    dates: dates.map(({ date, startsAt }, index) => ({
      date,
      ...(startsAt === undefined
        ? {}
        : { startsAtMs: parse(`/dates/${index}/startsAt`, startsAt) }),
    })),
    ...(grades === undefined ? {} : { grades: grades.map(gradeOf) }),
    ...(publishedAt === undefined ? {} : { publishedAtMs: parse("/publishedAt", publishedAt) }),
    policy: policyInput(policy ?? {}, "/policy", parse),
  };
  return { input, violations };
};

const gradeOf = (grade: NonNullable<NewConcertBody["grades"]>[number]): Grade => {
  const [from = Number.NaN, to = Number.NaN] = grade.seats;
  return { name: grade.name, price: grade.price, seats: [from, to] };
};
