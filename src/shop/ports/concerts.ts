import type { MaybePromise } from "#kernel/maybe-promise.ts";
import type { ConcertId } from "#kernel/ids.ts";

/** The concerts that have products. */
export interface Concerts {
  /** Null when there is no such concert, and for a draft. Throws Unavailable. */
  find(
    concertId: ConcertId,
  ): MaybePromise<{ readonly policy: { readonly holdSeconds: number } } | null>;
}
