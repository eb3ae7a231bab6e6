import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertWish } from "../../domain/concert-plan.ts";
import type { Fault } from "../../domain/fault.ts";
import type { Grade } from "../../domain/hall.ts";
import type { PolicyWish } from "../../domain/policy.ts";
import { parseInstant } from "../../domain/time-zone.ts";
import type { NewConcertBody, PolicyWishBody } from "./shapes.ts";

/** A wish read from a body, with the faults of texts that are not instants. */
export interface Read<Wish> {
  readonly wish: Wish;
  readonly faults: readonly Fault[];
}

type Parse = (pointer: string, text: string) => InstantMs;

const instants = () => {
  const faults: Fault[] = [];
  const parse: Parse = (pointer, text) => {
    const atMs = parseInstant(text);
    if (atMs === null) faults.push({ pointer, rule: "not-an-instant" });
    return atMs ?? Number.NaN;
  };
  return { faults, parse };
};

const policyWish = (body: PolicyWishBody, at: string, parse: Parse): PolicyWish => {
  const { opensAt, admitsAt, ...rest } = body;
  return {
    ...rest,
    ...(opensAt === undefined ? {} : { opensAtMs: parse(`${at}/opensAt`, opensAt) }),
    ...(admitsAt === undefined
      ? {}
      : { admitsAtMs: admitsAt === null ? null : parse(`${at}/admitsAt`, admitsAt) }),
  };
};

export const readPolicyWish = (body: PolicyWishBody): Read<PolicyWish> => {
  const { faults, parse } = instants();
  return { wish: policyWish(body, "", parse), faults };
};

export const readConcertWish = (body: NewConcertBody): Read<ConcertWish> => {
  const { faults, parse } = instants();
  const { dates, grades, policy, ...rest } = body;
  const wish: ConcertWish = {
    ...rest,
    dates: dates.map(({ date, startsAt }, index) => ({
      date,
      ...(startsAt === undefined
        ? {}
        : { startsAtMs: parse(`/dates/${index}/startsAt`, startsAt) }),
    })),
    ...(grades === undefined ? {} : { grades: grades.map(gradeOf) }),
    policy: policyWish(policy ?? {}, "/policy", parse),
  };
  return { wish, faults };
};

const gradeOf = (grade: NonNullable<NewConcertBody["grades"]>[number]): Grade => {
  const [from = Number.NaN, to = Number.NaN] = grade.seats;
  return { name: grade.name, price: grade.price, seats: [from, to] };
};
