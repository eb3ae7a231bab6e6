import type { ConcertId, MintId } from "#kernel/ids.ts";
import { buildConcert, type ConcertInput } from "../domain/new-concert.ts";
import type { Concert } from "../domain/concert.ts";
import type { Violation } from "../domain/violation.ts";
import { publishedConcert } from "../domain/published.ts";
import type { ConcertRecords } from "../ports/concert-records.ts";
import type { ConcertCache } from "../ports/concert-cache.ts";

export interface CreateConcertDeps {
  readonly records: Pick<ConcertRecords, "nowMs" | "add">;
  readonly cache: Pick<ConcertCache, "put">;
  readonly mintId: MintId;
  /** 32 random bytes in hex. */
  readonly mintSeed: () => string;
  /** ISO 4217 code of the installation. */
  readonly currency: string;
}

export interface CreateConcert {
  readonly actor: string;
  readonly input: ConcertInput;
  /** For a seed that must find its concert again; else a new one is minted. */
  readonly concertId?: ConcertId;
}

export type CreateConcertOutcome =
  | { readonly kind: "invalid"; readonly violations: readonly Violation[] }
  | { readonly kind: "created"; readonly concert: Concert };

/**
 * Puts a concert on sale.
 *
 * Outcomes, first that applies:
 * - `invalid`   every fault of the input, nothing kept
 * - `created`  concert, dates, 50 seats a date and the audit note, in one transaction
 *
 * Throws Unavailable when the database is away; when its COMMIT was not answered the concert may
 * stand, which the list shows. Cost: five statements, at most 18,250 seats.
 */
export const createConcert =
  (deps: CreateConcertDeps) =>
  async (command: CreateConcert): Promise<CreateConcertOutcome> => {
    const outcome = buildConcert(command.input, {
      concertId: command.concertId ?? deps.mintId<"concert">(),
      currency: deps.currency,
      nowMs: await deps.records.nowMs(),
      drawSeed: deps.mintSeed(),
    });
    if (outcome.kind === "invalid") return outcome;
    const { plan } = outcome;
    await deps.records.add(plan, {
      actor: command.actor,
      action: "concert.created",
      before: null,
      after: publishedConcert(plan),
    });
    deps.cache.put(plan.concert);
    return { kind: "created", concert: plan.concert };
  };
