import { drawBand, lateStart, seqSpan } from "../../admission/domain/place.ts";
import { stockLagMs } from "../../admission/domain/admission.ts";
import { queueKeyNames } from "./keys.ts";

const keys = queueKeyNames.map((name, index) => [`${name}Key`, `KEYS[${index + 1}]`] as const);

const stepTables = ["slots", "begun", "changed", "writes", "leases", "counts", "entries"];

/**
 * The names that the Lua scripts of a queue may use: each of its keys as `<name>Key`, and constants. The
 * composer defines in each script those that it mentions, so that no number of a key is written in Lua.
 */
export const luaNames: Readonly<Record<string, string>> = {
  ...Object.fromEntries(keys),
  /** The keys of a step that come after those of the queue begin behind it. */
  queueKeyCount: String(queueKeyNames.length),
  /** The users of one step as readSlots has read them, and the writes that wait for its end. */
  step: `{ ${stepTables.map((name) => `${name}={}`).join(", ")} }`,
  drawBand: String(drawBand),
  seqSpan: String(seqSpan),
  lateStart: String(lateStart),
  /** Stands for the position of a user who was told none: larger than any position. */
  noPosition: String(2 ** 31 - 1),
  /** Units of the rate limiter. A rate per minute refills `rate` units each ms: 60,000 ms make one admission. */
  unitsPerToken: String(60_000),
  stockLagMs: String(stockLagMs),
};
