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
  /** A fixed id for a script that must find its concert again; else a new id is minted. */
  readonly concertId?: ConcertId;
}

export type CreateConcertOutcome =
  | { readonly kind: "invalid"; readonly violations: readonly Violation[] }
  | { readonly kind: "created"; readonly concert: Concert };

/**
 * Puts a concert on sale.
 *
 * Outcomes, first that applies:
 * - `invalid`  every violation of the input; nothing is stored
 * - `created`  the concert, its dates, 50 seats a date and the audit entry
 *
 * Throws Unavailable when the database is away. If its COMMIT was not answered, the concert may be
 * stored; the list of concerts shows it.
 * Atomicity: one transaction. Cost: five statements, at most 18,250 seats.
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
    const { newConcert } = outcome;
    await deps.records.add(newConcert, {
      actor: command.actor,
      action: "concert.created",
      before: null,
      after: publishedConcert(newConcert),
    });
    deps.cache.put(newConcert.concert);
    return { kind: "created", concert: newConcert.concert };
  };
