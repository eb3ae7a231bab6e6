/** What is wrong with a value. The words for clients belong to the HTTP adapter. */
export type ViolationRule =
  | "out-of-range"
  | "not-a-whole-number"
  | "fixed-once-open"
  | "fixed-near-draw"
  | "draw-too-soon"
  | "needed-for-lottery"
  | "only-for-lottery"
  | "not-after-opening"
  | "not-an-instant"
  | "not-a-text"
  | "unknown-time-zone"
  | "impossible-date"
  | "doubled-date"
  | "not-on-its-date"
  | "no-dates"
  | "too-many-dates"
  | "neither-price-nor-grades"
  | "both-price-and-grades"
  | "doubled-grade"
  | "seats-outside-the-hall"
  | "seats-turned-round"
  | "seats-in-two-grades"
  | "seats-without-a-grade";

/** A fault and where it is: a JSON pointer into the command. */
export interface Violation {
  readonly pointer: string;
  readonly rule: ViolationRule;
}
