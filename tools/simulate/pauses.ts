import type { Queue } from "../../sdk/index.ts";
import type { Moment } from "./moments.ts";

// The longest time in which fans waited and none was admitted, with the states of the queue in it.

/** `UNKNOWN`: the server did not answer. */
type PauseState = Queue["state"] | "UNKNOWN";

export interface Pause {
  readonly seconds: number;
  readonly fromSecond: number;
  /** The seconds of each state, in the order in which the states came. */
  readonly states: Readonly<Partial<Record<PauseState, number>>>;
}

const isOver = ({ waiting, queue }: Moment): boolean =>
  waiting === 0 || ["SOLD_OUT", "ENDED", "CLOSED"].includes(queue?.state ?? "");

/** The pauses, each with its moments from the one at which it begins to that of the next admission. */
const pausesIn = (series: readonly Moment[]): readonly (readonly Moment[])[] => {
  const pauses: Moment[][] = [];
  let current: Moment[] | null = null;
  for (const moment of series) {
    if (isOver(moment)) {
      current = null;
      continue;
    }
    current?.push(moment);
    const isAdmitting = moment.admitted > (current?.[0]?.admitted ?? 0);
    if (current === null || isAdmitting) pauses.push((current = [moment]));
  }
  return pauses;
};

const pauseOf = (moments: readonly Moment[]): Pause => {
  const states: Partial<Record<PauseState, number>> = {};
  const fromSecond = moments[0]?.second ?? 0;
  let before = fromSecond;
  for (const { second, queue } of moments.slice(1)) {
    const state = queue?.state ?? "UNKNOWN";
    states[state] = (states[state] ?? 0) + second - before;
    before = second;
  }
  return { seconds: before - fromSecond, fromSecond, states };
};

/**
 * The longest pause between two admissions, or before the first one, while fans wait and the queue may still admit
 * them. Null: no fan waited for a second.
 */
export const longestPause = (series: readonly Moment[]): Pause | null => {
  const [longest] = pausesIn(series)
    .map(pauseOf)
    .toSorted((one, other) => other.seconds - one.seconds);
  return longest === undefined || longest.seconds === 0 ? null : longest;
};

const reasons: Readonly<Partial<Record<PauseState, string>>> = {
  ALL_HELD: "no seat was free until a hold lapsed or a ticket came back",
  OPEN: "the rate, or users admitted before had the free seats",
  UNKNOWN: "the server did not answer",
};

/** The pause in one line. */
export const pauseText = (pause: Pause | null): string => {
  if (pause === null) return "none while fans waited";
  const parts = Object.entries(pause.states).map(([state, seconds]) => {
    const reason = reasons[state as PauseState];
    return `${seconds} s ${state}${reason === undefined ? "" : ` (${reason})`}`;
  });
  return `${pause.seconds} s without an admission from second ${pause.fromSecond} on: ${parts.join(", ")}`;
};
