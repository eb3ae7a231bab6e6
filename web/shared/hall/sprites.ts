import { inks, marks, shapes } from "./shapes.ts";
import type { Palette } from "./palette.ts";

/** The appearance of a seat on the map. */
export type SeatAppearance = "free" | "held" | "sold" | "blocked" | "selected";

/** Pictures of seats, each drawn once for a size and a palette. */
export interface Sprites {
  /** Their width in device pixels. */
  readonly sidePx: number;
  of(appearance: SeatAppearance, rank: number): HTMLCanvasElement;
  /** Whether a dark text is readable on the grade's colour. */
  isDarkOn(rank: number): boolean;
}

const paint = (
  pen: CanvasRenderingContext2D,
  palette: Palette,
  { appearance, rank }: { appearance: SeatAppearance; rank: number },
): void => {
  const shape = new Path2D(shapes[rank % shapes.length]);
  pen.lineWidth = 1.25;
  pen.strokeStyle = palette.edge;
  switch (appearance) {
    case "free":
      pen.fillStyle = palette.gradeColour(rank);
      pen.fill(shape);
      break;
    case "held":
      pen.setLineDash([2.5, 2]);
      pen.stroke(shape);
      break;
    case "sold":
      pen.stroke(new Path2D(marks.sold));
      break;
    case "blocked":
      pen.fillStyle = palette.soft;
      pen.fill(shape);
      pen.strokeStyle = palette.card;
      pen.lineWidth = 3;
      pen.stroke(new Path2D(marks.blocked));
      break;
    case "selected":
      pen.fillStyle = palette.ink;
      pen.strokeStyle = palette.spot;
      pen.lineWidth = 2.5;
      pen.fill(shape);
      pen.stroke(shape);
      pen.strokeStyle = palette.paper;
      pen.lineWidth = 3;
      pen.stroke(new Path2D(marks.selected));
  }
};

/** Pictures of `sidePx` device pixels. */
export const createSprites = (palette: Palette, sidePx: number): Sprites => {
  const made = new Map<string, HTMLCanvasElement>();
  const of = (appearance: SeatAppearance, rank: number): HTMLCanvasElement => {
    const name = `${appearance}${rank % shapes.length}`;
    let canvas = made.get(name);
    if (canvas !== undefined) return canvas;
    canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [sidePx, sidePx];
    const pen = canvas.getContext("2d");
    if (pen !== null) {
      pen.scale(sidePx / 24, sidePx / 24);
      paint(pen, palette, { appearance, rank });
    }
    made.set(name, canvas);
    return canvas;
  };
  return { sidePx, of, isDarkOn: (rank) => inks[rank % inks.length] === "dark" };
};
