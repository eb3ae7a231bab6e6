/** The rule that a value breaks. The HTTP adapter has the texts for clients. */
export type ViolationRule =
  | "out-of-range"
  | "not-a-whole-number"
  | "fixed-once-open"
  | "fixed-near-draw"
  | "draw-too-soon"
  | "needed-for-lottery"
  | "only-for-lottery"
  | "not-after-opening"
  | "after-opening"
  | "not-an-address"
  | "not-an-instant"
  | "not-a-text"
  | "unknown-time-zone"
  | "not-a-date"
  | "duplicate-date"
  | "not-on-its-date"
  | "begun-already"
  | "no-dates"
  | "too-many-dates"
  | "neither-price-nor-grades"
  | "both-price-and-grades"
  | "duplicate-grade"
  | "seats-outside-the-hall"
  | "seats-reversed"
  | "seats-in-two-grades"
  | "seats-without-a-grade";

/** A broken rule, and the JSON pointer of the value in the input. */
export interface Violation {
  readonly pointer: string;
  readonly rule: ViolationRule;
}
