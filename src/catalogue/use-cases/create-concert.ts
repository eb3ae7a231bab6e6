import type { Intent } from "#kernel/idempotency.ts";
import type { ConcertId, MintId } from "#kernel/ids.ts";
import { buildConcert, type ConcertInput } from "../domain/new-concert.ts";
import type { Concert } from "../domain/concert.ts";
import type { Violation } from "../domain/violation.ts";
import { publishedConcert } from "../domain/published.ts";
import type { ConcertRecords } from "../ports/concert-records.ts";
import type { ConcertCache } from "../ports/concert-cache.ts";

export interface CreateConcertDeps {
  readonly records: Pick<ConcertRecords, "nowMs" | "add" | "findKeyUse">;
  readonly cache: Pick<ConcertCache, "put" | "find">;
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
  /** The key under which the operator creates the concert once; null: each request creates one. */
  readonly intent?: Intent | null;
}

export type CreateConcertOutcome =
  | { readonly kind: "invalid"; readonly violations: readonly Violation[] }
  | { readonly kind: "key-reused" }
  /** The concert that the same request created before. */
  | { readonly kind: "replayed"; readonly concert: Concert }
  | { readonly kind: "created"; readonly concert: Concert };

const replay = async (
  { cache }: CreateConcertDeps,
  concertId: ConcertId,
): Promise<CreateConcertOutcome> => {
  const concert = await cache.find(concertId);
  if (concert === null) throw new Error("the concert of an operator's key is gone");
  return { kind: "replayed", concert };
};

/**
 * Puts a concert on sale.
 *
 * Outcomes, first that applies:
 * - `replayed`    the same request has created the concert before; nothing is stored. Its dates may have
 *                 begun since, so this comes before `invalid`
 * - `invalid`     every violation of the input; nothing is stored
 * - `key-reused`  the operator used the key for another request
 * - `created`     the concert, its dates, 50 seats a date and the audit entry
 *
 * Throws Unavailable when the database is away. If its COMMIT was not answered, the concert may be
 * stored; the same request with the same key tells.
 * Atomicity: one transaction. Cost: six statements, at most 18,250 seats.
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
    const intent = command.intent ?? null;
    if (outcome.kind === "invalid") {
      const use = intent && (await deps.records.findKeyUse(command.actor, intent));
      return use?.kind === "replayed" ? replay(deps, use.concertId) : outcome;
    }
    const { newConcert } = outcome;
    const note = {
      actor: command.actor,
      action: "concert.created",
      before: null,
      after: publishedConcert(newConcert),
    } as const;
    const added = await deps.records.add(newConcert, note, intent);
    if (added.kind === "key-reused") return added;
    if (added.kind === "replayed") return replay(deps, added.concertId);
    deps.cache.put(newConcert.concert);
    return { kind: "created", concert: newConcert.concert };
  };
