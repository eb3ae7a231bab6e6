import type { PlanInput } from "../../../src/catalogue/domain/plan-input.ts";
import { buildPlan } from "../../../src/catalogue/domain/seating-plan.ts";
import { layoutOf, type HallLayout, type SectionShape } from "../../shared/hall/layout.ts";
import { sectionOfBlock, type Block } from "./blocks.ts";

export type Side = "left" | "right";

/** Seats of two sections that are so near to each other, in metres, stand on each other. */
const nearM = 0.3;

/** Lays out a plan in the making as the server does. Throws for a plan that has no form at all. */
export const layoutOfInput = (input: PlanInput): HallLayout =>
  layoutOf({ grades: input.grades, ...buildPlan(input) });

const shapeOf = (block: Block): SectionShape["box"] => {
  const section = { ...sectionOfBlock({ ...block, x: "0", y: "0" }), grade: "" };
  return (
    layoutOfInput({ grades: [{ name: "", price: 1 }], sections: [section] }).sections[0]?.box ?? {
      left: 0,
      top: 0,
      right: 0,
      bottom: 0,
    }
  );
};

const typed = (metres: number): string => String(Math.round(metres * 100) / 100);

/** The block with its place beside a section of the plan: an aisle away, and as far from the stage. */
export const placedBeside = (block: Block, plan: PlanInput, name: string, side: Side): Block => {
  const other = layoutOfInput(plan).sections.find(({ section }) => section.name === name);
  if (other === undefined) return block;
  const own = shapeOf(block);
  const x = side === "right" ? other.box.right - own.left : other.box.left - own.right;
  return { ...block, x: typed(x), y: typed(other.section.y) };
};

/** The pairs of sections with seats that stand on each other; a section with itself too. O(seats). */
export const overlapsIn = ({ plan, xs, ys, index, sectionOf }: HallLayout) => {
  const pairs = new Map<string, readonly [first: string, second: string]>();
  const nameOf = (at: number): string => plan.sections[at]?.name ?? "";
  for (let n = 0; n < xs.length; n += 1) {
    const [x, y] = [xs[n] ?? NaN, ys[n] ?? NaN];
    if (Number.isNaN(x)) continue;
    const box = { left: x - nearM, right: x + nearM, top: y - nearM, bottom: y + nearM };
    index.each(box, (seatNumber) => {
      const m = seatNumber - 1;
      if (m <= n || Math.hypot((xs[m] ?? 0) - x, (ys[m] ?? 0) - y) > nearM) return;
      const [a, b] = [sectionOf[n] ?? 0, sectionOf[m] ?? 0];
      if (!pairs.has(`${a} ${b}`)) pairs.set(`${a} ${b}`, [nameOf(a), nameOf(b)]);
    });
  }
  return [...pairs.values()];
};
