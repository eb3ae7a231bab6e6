import { seatSpacing } from "../../../src/kernel/seating-plan.ts";
import { drawGround } from "./grounds.ts";
import { drawLabels } from "./labels.ts";
import { createOverview } from "./overview.ts";
import { fontOf, type Scene } from "./scene.ts";
import type { SectionShape } from "./layout.ts";
import type { Point } from "./plan.ts";
import { overlaps, toScreen, visibleBox } from "./view.ts";
import type { Palette } from "./palette.ts";
import { sold } from "./seat-statuses.ts";
import { createSprites, type SeatAppearance, type Sprites } from "./sprites.ts";

/** From this width of a seat on, in CSS pixels, seats are drawn with their shapes; below, as dots. */
export const shapesPx = 11;
/** From this width on, seats have their names. */
const namesPx = 22;

/** Draws scenes on one canvas. */
export interface Painter {
  draw(scene: Scene): void;
}

/** The name of each row, beside its first seat. */
const drawRowNames = (
  pen: CanvasRenderingContext2D,
  scene: Scene,
  sections: readonly number[],
): void => {
  const { layout, palette } = scene;
  pen.fillStyle = palette.ink;
  for (const at of sections)
    for (const { name, firstSeat, lastSeat } of layout.sections[at]?.section.rows ?? []) {
      if (name === null || firstSeat === lastSeat) continue;
      const [first, second] = [seatCentre(scene, firstSeat), seatCentre(scene, firstSeat + 1)];
      pen.fillText(name, 2 * first.x - second.x, 2 * first.y - second.y);
    }
};

const drawStage = (
  pen: CanvasRenderingContext2D,
  { layout, view, size, palette, texts }: Scene,
): void => {
  const { x, y } = toScreen(view, size, layout.plan.focus);
  pen.font = fontOf(palette, 12);
  const wide = Math.max(pen.measureText(texts.stage).width + 24, 8 * view.scale);
  pen.fillStyle = palette.ink;
  pen.beginPath();
  pen.roundRect(x - wide / 2, y - 10, wide, 20, 6);
  pen.fill();
  pen.fillStyle = palette.paper;
  pen.fillText(texts.stage, x, y);
};

/** By the codes of the statuses. */
const appearances: readonly SeatAppearance[] = ["free", "held", "sold", "blocked"];

const appearanceOf = ({ statuses, selected }: Scene, seatNumber: number): SeatAppearance => {
  if (selected.has(seatNumber)) return "selected";
  return appearances[statuses.codes[seatNumber - 1] ?? sold] ?? "sold";
};

const seatCentre = ({ layout, view, size }: Scene, seatNumber: number): Point =>
  toScreen(view, size, {
    x: layout.xs[seatNumber - 1] ?? 0,
    y: layout.ys[seatNumber - 1] ?? 0,
  });

const drawSeats = (
  pen: CanvasRenderingContext2D,
  scene: Scene,
  sections: readonly number[],
  sprites: Sprites,
): void => {
  const { layout, view, size, density, ranks, palette, nameOf } = scene;
  const { sidePx } = sprites;
  const withNames = seatSpacing * view.scale >= namesPx;
  pen.font = fontOf(palette, Math.min(13, seatSpacing * view.scale * 0.38));
  pen.save();
  pen.setTransform(1, 0, 0, 1, 0, 0);
  const names: [seatNumber: number, at: Point, isDark: boolean][] = [];
  layout.index.each(visibleBox(view, size), (seatNumber) => {
    const appearance = appearanceOf(scene, seatNumber);
    const rank = ranks[layout.grades[seatNumber - 1] ?? 0] ?? 0;
    const at = seatCentre(scene, seatNumber);
    const [x, y] = [at.x * density - sidePx / 2, at.y * density - sidePx / 2];
    pen.drawImage(sprites.of(appearance, rank), Math.round(x), Math.round(y));
    if (withNames && appearance === "free") names.push([seatNumber, at, sprites.isDarkOn(rank)]);
  });
  pen.restore();
  drawRowNames(pen, scene, sections);
  for (const [seatNumber, at, isDark] of names) {
    pen.fillStyle = isDark ? "#17130e" : "#ffffff";
    pen.fillText(nameOf(seatNumber), at.x, at.y + 0.5);
  }
};

/** Selected seats are visible at every size, and the cursor of the keyboard has a ring. */
const drawMarks = (pen: CanvasRenderingContext2D, scene: Scene, isSmall: boolean): void => {
  const { palette, selected, cursor, view } = scene;
  const radius = Math.max(5, seatSpacing * view.scale * 0.5);
  if (isSmall)
    for (const seatNumber of selected) {
      const { x, y } = seatCentre(scene, seatNumber);
      pen.beginPath();
      pen.arc(x, y, radius, 0, 7);
      pen.fillStyle = palette.ink;
      pen.strokeStyle = palette.spot;
      pen.lineWidth = 2;
      pen.fill();
      pen.stroke();
    }
  if (cursor === null) return;
  const { x, y } = seatCentre(scene, cursor);
  pen.beginPath();
  pen.arc(x, y, radius + 3, 0, 7);
  pen.lineWidth = 3;
  pen.strokeStyle = palette.ink;
  pen.stroke();
  pen.lineWidth = 1;
  pen.strokeStyle = palette.card;
  pen.stroke();
};

/**
 * A painter of one canvas, which keeps pictures of seats from one scene to the next. It calls `changed` when a scene
 * needs another frame.
 */
export const createPainter = (canvas: HTMLCanvasElement, changed: () => void): Painter => {
  const pen = canvas.getContext("2d", { alpha: false });
  const overview = createOverview(changed);
  let sprites: { readonly of: Sprites; readonly sidePx: number; readonly palette: Palette } | null =
    null;
  const spritesFor = (palette: Palette, sidePx: number): Sprites => {
    if (sprites?.sidePx !== sidePx || sprites.palette !== palette)
      sprites = { of: createSprites(palette, sidePx), sidePx, palette };
    return sprites.of;
  };
  const draw = (scene: Scene): void => {
    if (pen === null) return;
    const { layout, palette, view, size, density } = scene;
    const seatPx = seatSpacing * view.scale;
    pen.setTransform(density, 0, 0, density, 0, 0);
    pen.fillStyle = palette.card;
    pen.fillRect(0, 0, size.width, size.height);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    const shown = visibleBox(view, size);
    const visible = layout.sections.flatMap(({ box }: SectionShape, at) =>
      overlaps(box, shown, 0) ? [at] : [],
    );
    const isSmall = seatPx < shapesPx;
    if (isSmall) {
      pen.save();
      pen.setTransform(1, 0, 0, 1, 0, 0);
      overview.draw(pen, scene);
      pen.restore();
    } else {
      for (const at of visible) drawGround(pen, scene, at);
      const sidePx = Math.round(seatPx * density * 0.86);
      drawSeats(pen, scene, visible, spritesFor(palette, sidePx));
    }
    drawStage(pen, scene);
    drawMarks(pen, scene, isSmall);
    const isStanding = (at: number): boolean => layout.sections[at]?.section.kind === "STANDING";
    drawLabels(pen, scene, isSmall ? visible : visible.filter(isStanding));
  };
  return { draw };
};
