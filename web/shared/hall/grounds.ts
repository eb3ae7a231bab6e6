import type { Scene } from "./scene.ts";
import { toScreen } from "./view.ts";

/** Draws the ground of a section, in the colour of its price, paler as less of it is left. */
export const drawGround = (pen: CanvasRenderingContext2D, scene: Scene, at: number): void => {
  const { layout, statuses, ranks, palette, view, size } = scene;
  const shape = layout.sections[at];
  if (shape === undefined) return;
  const { firstSeat, lastSeat, kind } = shape.section;
  const share = (statuses.freeBySection[at] ?? 0) / (lastSeat - firstSeat + 1);
  // In a seated section the seats themselves show what is left.
  const [least, most] = kind === "STANDING" ? [0.15, 0.75] : [0.08, 0.35];
  const colour = palette.shade(
    ranks[shape.grade] ?? 0,
    share === 0 ? 0.04 : least + share * (most - least),
  );
  pen.beginPath();
  for (const corner of shape.outline) {
    const { x, y } = toScreen(view, size, corner);
    pen.lineTo(x, y);
  }
  pen.closePath();
  pen.fillStyle = colour;
  pen.fill();
  pen.lineWidth = 1;
  pen.strokeStyle = palette.edge;
  pen.stroke();
};
