import assert from "node:assert/strict";
import { test } from "node:test";
import { demoPlan } from "#test/support/demo-plans.ts";
import type { PlanInput } from "../catalogue/domain/plan-input.ts";
import { planViolations } from "../catalogue/domain/plan-violations.ts";
import { buildPlan } from "../catalogue/domain/seating-plan.ts";

// plan | seats | sections | with a standing floor
const plans = [
  ["fifty-seats", 50, 1, false],
  ["theatre", 1_356, 9, false],
  ["arena", 11_992, 42, true],
] as const;
for (const [name, seats, sections, hasFloor] of plans)
  test(`the demo plan ${name} has ${seats} seats and no fault`, () => {
    const plan = demoPlan(name) as unknown as PlanInput;
    assert.deepEqual(planViolations(plan, ""), []);
    const built = buildPlan(plan);
    assert.deepEqual([built.seatsTotal, built.sections.length], [seats, sections]);
    assert.equal(
      built.sections.some(({ kind }) => kind === "STANDING"),
      hasFloor,
    );
  });
