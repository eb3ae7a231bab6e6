/** The seats of a concert. Expired holds count as available. `sold` and `total` never fall when a date begins. */
export interface Stock {
  /** Free seats of the dates that have not begun. */
  readonly available: number;
  /** Held seats of all dates. */
  readonly held: number;
  /** Held seats of the dates that have not begun: they may become available again. */
  readonly mayReturn: number;
  /** Sold seats of all dates. */
  readonly sold: number;
  /** All seats of all dates. */
  readonly total: number;
  /** Whether every date has begun. */
  readonly hasEnded: boolean;
}
