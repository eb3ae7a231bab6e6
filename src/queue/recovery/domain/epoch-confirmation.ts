/**
 * The times by which instances on two servers, each a primary, never admit users to one queue at the same time.
 * The database's clock decides; between the clocks of the instances only durations are compared.
 *
 * An instance on another server may take a queue over `takeoverAfterMs` after its last confirmation. A pass
 * relies on a confirmation for `confirmationMs` from the moment in which its instance asked for it, and a
 * command to Redis ends within 1 s. A confirmation that another instance made at most `sharedMs` earlier counts
 * as one's own, so the row is written twice a second at most: 500 + 2,000 ms are less than 3,000.
 */
export const takeoverAfterMs = 3_000;
export const confirmationMs = 2_000;
export const sharedMs = 500;
/** The time between two confirmations by an instance. */
export const confirmEveryMs = 1_000;
