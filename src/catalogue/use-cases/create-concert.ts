import type { ConcertId, MintId } from "#kernel/ids.ts";
import { planConcert, type ConcertWish } from "../domain/concert-plan.ts";
import type { Concert } from "../domain/concert.ts";
import type { Fault } from "../domain/fault.ts";
import { publishedPlan } from "../domain/published.ts";
import type { ConcertRecords } from "../ports/concert-records.ts";
import type { KnownConcerts } from "./known-concerts.ts";

export interface CreateConcertDeps {
  readonly records: Pick<ConcertRecords, "nowMs" | "add">;
  readonly known: Pick<KnownConcerts, "learn">;
  readonly mintId: MintId;
  /** 32 random bytes in hex. */
  readonly mintSeed: () => string;
  /** ISO 4217 code of the installation. */
  readonly currency: string;
}

export interface CreateConcert {
  readonly actor: string;
  readonly wish: ConcertWish;
  /** For a seed that must find its concert again; else a new one is minted. */
  readonly concertId?: ConcertId;
}

export type CreateConcertOutcome =
  | { readonly kind: "faulty"; readonly faults: readonly Fault[] }
  | { readonly kind: "created"; readonly concert: Concert };

/**
 * Puts a concert on sale.
 *
 * Outcomes, first that applies:
 * - `faulty`   every fault of the wish, nothing kept
 * - `created`  concert, dates, 50 seats a date and the audit note, in one transaction
 *
 * Throws Unavailable when the database is away; when its COMMIT was not answered the concert may
 * stand, which the list shows. Cost: five statements, at most 18,250 seats.
 */
export const createConcert =
  (deps: CreateConcertDeps) =>
  async (command: CreateConcert): Promise<CreateConcertOutcome> => {
    const outcome = planConcert(command.wish, {
      concertId: command.concertId ?? deps.mintId<"concert">(),
      currency: deps.currency,
      nowMs: await deps.records.nowMs(),
      drawSeed: deps.mintSeed(),
    });
    if (outcome.kind === "faulty") return outcome;
    const { plan } = outcome;
    await deps.records.add(plan, {
      actor: command.actor,
      action: "concert.created",
      before: null,
      after: publishedPlan(plan),
    });
    deps.known.learn(plan.concert);
    return { kind: "created", concert: plan.concert };
  };
