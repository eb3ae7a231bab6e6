/** The operator's rules for refunds that buyers ask for. */
export interface RefundPolicy {
  /** From this many hours before the show on, a buyer gets no refund. */
  readonly until: number;
  /**
   * The part of the price that the operator keeps. The entry with the smallest `daysBefore` that is at least the
   * days left counts; without such an entry there is no fee.
   */
  readonly fees: readonly { readonly daysBefore: number; readonly percent: number }[];
}
