import type { HallLayout } from "./layout.ts";
import { overlaps, type Box } from "./view.ts";

/** The work of one frame, in seats: 8,000 dots take 2 ms on a processor at a quarter of its speed. */
export const workPerFrame = 8_000;
/** The ground of a section counts as so many seats. */
const workOfGround = 200;
/** The most seats that one step paints. */
const seatsPerStep = 500;

/** The parts of a picture, each painted by one call. */
export interface Parts {
  ground(section: number): void;
  dots(firstSeat: number, lastSeat: number): void;
}

/** Paints the sections that lie in a box, in small steps: all grounds, then all seats. Yields the work of each step. */
export function* paintSteps(layout: HallLayout, box: Box, parts: Parts): Generator<number, void> {
  const visible = [...layout.sections.keys()].filter((at) => {
    const shape = layout.sections[at];
    return shape !== undefined && overlaps(shape.box, box, 0);
  });
  for (const at of visible) {
    parts.ground(at);
    yield workOfGround;
  }
  for (const at of visible) {
    const section = layout.sections[at]?.section;
    if (section === undefined || section.kind === "STANDING") continue;
    for (let first = section.firstSeat; first <= section.lastSeat; first += seatsPerStep) {
      const last = Math.min(section.lastSeat, first + seatsPerStep - 1);
      parts.dots(first, last);
      yield last - first + 1;
    }
  }
}

/** Takes the steps of one frame: at most its work, and one step. Returns whether there are no more. */
export const takeSlice = (steps: Generator<number, void>): boolean => {
  for (let work = 0; work < workPerFrame;) {
    const step = steps.next();
    if (step.done === true) return true;
    work += step.value;
  }
  return false;
};
