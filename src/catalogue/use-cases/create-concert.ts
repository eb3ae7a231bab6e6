import type { Intent } from "#kernel/idempotency.ts";
import type { ConcertId, MintId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { buildConcert, type ConcertInput } from "../domain/new-concert.ts";
import type { Concert } from "../domain/concert.ts";
import type { Violation } from "../domain/violation.ts";
import { publishedConcert, type Published } from "../domain/published.ts";
import type { ConcertRecords } from "../ports/concert-records.ts";
import type { ConcertCache } from "../ports/concert-cache.ts";

export interface CreateConcertDeps {
  readonly records: Pick<ConcertRecords, "nowMs" | "add" | "findKeyUse">;
  readonly cache: Pick<ConcertCache, "put">;
  readonly mintId: MintId;
  /** 32 random bytes in hex. */
  readonly mintSeed: () => string;
  /** ISO 4217 code of the installation. */
  readonly currency: string;
  /** The body of the answer for a concert that is created at this moment. */
  readonly answerOf: (concert: Concert, nowMs: InstantMs) => Published;
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
  /** The answer of the same request when it created the concert. */
  | { readonly kind: "replayed"; readonly answer: Published }
  | { readonly kind: "created"; readonly concert: Concert; readonly answer: Published };

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
 * Atomicity: one transaction. Cost: six statements, with a key seven, at most 18,250 seats.
 */
export const createConcert =
  (deps: CreateConcertDeps) =>
  async ({ actor, input, ...command }: CreateConcert): Promise<CreateConcertOutcome> => {
    const { intent = null } = command;
    const nowMs = await deps.records.nowMs();
    const outcome = buildConcert(input, {
      concertId: command.concertId ?? deps.mintId<"concert">(),
      currency: deps.currency,
      nowMs,
      drawSeed: deps.mintSeed(),
    });
    if (outcome.kind === "invalid") {
      const earlier = intent && (await deps.records.findKeyUse(actor, intent));
      return earlier?.kind === "replayed" ? earlier : outcome;
    }
    const { newConcert } = outcome;
    const { concert } = newConcert;
    const answer = deps.answerOf(concert, nowMs);
    const note = {
      actor,
      action: "concert.created",
      before: null,
      after: publishedConcert(newConcert),
    } as const;
    const use = intent && { intent, concertId: concert.concertId, answer };
    const added = await deps.records.add(newConcert, note, use);
    if (added.kind !== "added") return added;
    deps.cache.put(concert);
    return { kind: "created", concert, answer };
  };
