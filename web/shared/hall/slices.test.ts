import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutOf } from "./layout.ts";
import type { SeatingPlan } from "./plan.ts";
import { paintSteps, takeSlice, workPerFrame } from "./slices.ts";

/** Sections of one row each, side by side in a column, 10 m apart. */
const planOf = (sections: number, seats: number): SeatingPlan => ({
  seatsTotal: sections * seats,
  focus: { x: 0, y: 0 },
  grades: [{ name: "R", price: 500 }],
  sections: Array.from({ length: sections }, (_, n) => {
    const span = { grade: "R", firstSeat: n * seats + 1, lastSeat: (n + 1) * seats };
    const row = { ...span, name: "A", firstName: 1, step: 1, curve: 0, x: 0, y: 0, places: null };
    const at = { x: 0, y: 10 * n, angle: 0 };
    return { ...span, ...at, name: `Block ${n + 1}`, kind: "SEATED" as const, rows: [row] };
  }),
});

const everywhere = { left: -1e6, top: -1e6, right: 1e6, bottom: 1e6 };

/** Runs steps to their end. `seats` and `grounds` have what each frame painted. */
const framesOf = (plan: SeatingPlan, box = everywhere, slice = takeSlice) => {
  const frames: { seats: number; grounds: number }[] = [];
  const painted = new Uint8Array(plan.seatsTotal);
  let [seats, grounds] = [0, 0];
  const steps = paintSteps(layoutOf(plan), box, {
    ground: () => void (grounds += 1),
    dots: (first, last) => {
      painted.fill(1, first - 1, last);
      seats += last - first + 1;
    },
  });
  for (let isDone = false; !isDone; [seats, grounds] = [0, 0]) {
    isDone = slice(steps);
    frames.push({ seats, grounds });
  }
  return { frames, painted };
};

const assertBounded = (frames: readonly { seats: number; grounds: number }[]): void => {
  const seatsMax = Math.max(...frames.map(({ seats }) => seats));
  const groundsMax = Math.max(...frames.map(({ grounds }) => grounds));
  assert.ok(seatsMax <= workPerFrame + 500, `${seatsMax} seats in one frame`);
  assert.ok(groundsMax <= 40, `${groundsMax} sections in one frame`);
};

// sections | seats of each
const halls = [
  [50, 1_000],
  [500, 120],
  [3, 20_000],
] as const;
for (const [sections, seats] of halls)
  test(`${sections} sections of ${seats} seats are painted over several frames, each seat once`, () => {
    const { frames, painted } = framesOf(planOf(sections, seats));
    assertBounded(frames);
    const sum = frames.reduce((total, frame) => total + frame.seats, 0);
    assert.equal(sum, sections * seats);
    assert.ok(painted.every((one) => one === 1));
    assert.ok(frames.length >= 6);
  });

test("a painter that takes every step in one frame is found", () => {
  const { frames } = framesOf(planOf(50, 1_000), everywhere, (steps) => [...steps].length >= 0);
  assert.equal(frames.length, 1);
  assert.throws(() => assertBounded(frames), /50000 seats in one frame/);
});

test("only the sections in sight are painted", () => {
  const box = { left: -100, top: 95, right: 100, bottom: 125 };
  const { painted } = framesOf(planOf(50, 1_000), box);
  assert.equal(
    painted.reduce((sum, one) => sum + one, 0),
    3_000,
  );
});
