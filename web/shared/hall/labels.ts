import type { Point } from "./plan.ts";
import { fontOf, type Scene } from "./scene.ts";
import { overlaps, toScreen, type Box } from "./view.ts";

/** A plate on which something is written, in CSS pixels. */
interface Plate {
  readonly lines: readonly string[];
  readonly box: Box;
}

const plateAt = ({ x, y }: Point, lines: readonly string[], wide: number): Plate => {
  const high = lines.length === 1 ? 18 : 33;
  return {
    lines,
    box: { left: x - wide / 2, top: y - high / 2, right: x + wide / 2, bottom: y + high / 2 },
  };
};

/** A name may be so much wider than its section. */
const namePart = 1.4;

/** The plates that a section has room for, the best first: its name and what is left of it, or the name alone. */
const platesOf = (pen: CanvasRenderingContext2D, scene: Scene, at: number): readonly Plate[] => {
  const { layout, statuses, palette, view, size, texts } = scene;
  const shape = layout.sections[at];
  if (shape === undefined) return [];
  const centre = toScreen(view, size, shape.centre);
  const name = shape.section.name ?? "";
  const wide = (shape.box.right - shape.box.left) * view.scale;
  const high = (shape.box.bottom - shape.box.top) * view.scale;
  if (high <= 18) return [];
  pen.font = fontOf(palette, 12);
  const nameWide = pen.measureText(name).width + 8;
  if (wide * namePart <= nameWide) return [];
  const named = plateAt(centre, [name], nameWide);
  if (high <= 48) return [named];
  const count = texts.left(statuses.freeBySection[at] ?? 0);
  pen.font = fontOf(palette, 11, 400);
  const bothWide = Math.max(nameWide, pen.measureText(count).width + 8);
  return wide > bothWide * 1.3 ? [plateAt(centre, [name, count], bothWide), named] : [named];
};

const drawPlate = (
  pen: CanvasRenderingContext2D,
  { palette }: Scene,
  { lines, box }: Plate,
): void => {
  const { left, top, right, bottom } = box;
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  pen.fillStyle = palette.card;
  pen.globalAlpha = 0.88;
  pen.beginPath();
  pen.roundRect(left, top, right - left, bottom - top, 5);
  pen.fill();
  pen.globalAlpha = 1;
  const [name = "", count] = lines;
  pen.font = fontOf(palette, 12);
  pen.fillStyle = palette.ink;
  pen.fillText(name, x, count === undefined ? y : y - 7);
  if (count === undefined) return;
  pen.font = fontOf(palette, 11, 400);
  pen.fillStyle = palette.soft;
  pen.fillText(count, x, y + 8);
};

/** Labels of sections; one that would hide another is left out. */
export const drawLabels = (
  pen: CanvasRenderingContext2D,
  scene: Scene,
  sections: readonly number[],
): void => {
  const drawn: Plate[] = [];
  for (const at of sections) {
    const isClear = ({ box }: Plate): boolean =>
      !drawn.some((other) => overlaps(box, other.box, 1));
    const plate = platesOf(pen, scene, at).find(isClear);
    if (plate === undefined) continue;
    drawPlate(pen, scene, plate);
    drawn.push(plate);
  }
};
