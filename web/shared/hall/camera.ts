import { seatSpacing } from "../../../src/kernel/seating-plan.ts";
import { sectionAt, type HallLayout, type SectionShape } from "./layout.ts";
import type { Point } from "./plan.ts";
import { bounded, fitted, moved, toHall, zoomed, type Size, type View } from "./view.ts";
import { shapesPx } from "./draw.ts";

/** A finger selects a seat of at least this width in CSS pixels; on smaller ones it makes the hall larger. */
const fingerPx = 18;
/** The width of a seat after a tap that makes the hall larger. */
const nearPx = 26;
/** A tap selects a seat whose middle is at most so far away, in CSS pixels. */
const reachPx = 14;
const moveMs = 220;

/** The thing under a tap. */
export type Hit =
  | { readonly kind: "seat"; readonly seatNumber: number }
  /** `small`: a section whose seats are too small to be tapped. */
  | { readonly kind: "standing" | "small"; readonly section: number }
  | { readonly kind: "nothing" };

/** The view of one canvas. It moves in steps or, after a tap, smoothly. */
export interface Camera {
  view(): View;
  size(): Size;
  isWhole(): boolean;
  resize(size: Size): void;
  drag(dx: number, dy: number): void;
  /** Returns false when the hall is as large, or as small, as it can be. */
  zoom(at: Point, factor: number): boolean;
  /** Zooms around the middle. */
  zoomBy(factor: number): void;
  /** Shows the whole hall. */
  showAll(): void;
  /** Moves as little as it must to show a seat, large enough to be told from its neighbours. */
  showSeat(seatNumber: number): void;
  /** Finds what was tapped. A tap on something too small shows it larger instead. */
  tap(at: Point, isTouch: boolean): Hit;
}

const isCalm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Moves a view in even steps to another one; a new move ends the one before. */
const createMover = (viewNow: () => View, set: (view: View) => void) => {
  let current = 0;
  /** Ends a move, so that a finger decides. */
  const stop = (): void => void (current += 1);
  const moveTo = (to: View): void => {
    const from = viewNow();
    stop();
    const run = current;
    const startMs = performance.now();
    const step = (): void => {
      if (run !== current) return;
      const passed = isCalm() ? 1 : Math.min(1, (performance.now() - startMs) / moveMs);
      const eased = passed * (2 - passed);
      // The scale grows by the same factor in each step, and the middle moves straight on the screen.
      const scale = from.scale * (to.scale / from.scale) ** eased;
      const share =
        to.scale === from.scale
          ? eased
          : (1 / from.scale - 1 / scale) / (1 / from.scale - 1 / to.scale);
      set({ scale, x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share });
      if (passed < 1) requestAnimationFrame(step);
    };
    step();
  };
  return { stop, moveTo };
};

/** The coordinate of the view's middle that shows `at` at most `half` away from it. */
const nearTo = (at: number, middle: number, half: number): number =>
  Math.min(at + half, Math.max(at - half, middle));

/** The view in which a seat is large, and in the inner part of the canvas, so that its neighbours are in sight. */
const viewOfSeat = ({ xs, ys }: HallLayout, seatNumber: number, view: View, size: Size): View => {
  const scale = Math.max(view.scale, nearPx / seatSpacing);
  const [wide, high] = [(size.width / scale) * 0.3, (size.height / scale) * 0.3];
  const x = nearTo(xs[seatNumber - 1] ?? 0, view.x, wide);
  const y = nearTo(ys[seatNumber - 1] ?? 0, view.y, high);
  return { scale, x, y };
};

/** The view of a section; of one that is too wide for its seats to be selected, the view around a point. */
const viewOfSection = ({ box }: SectionShape, at: Point, size: Size, seatPxMin: number): View => {
  const whole = fitted(box, size);
  const least = (seatPxMin + 1) / seatSpacing;
  return whole.scale >= least ? whole : { ...at, scale: least };
};

/** The width of a seat from which on it can be selected, in CSS pixels. */
const seatPxMin = (isTouch: boolean): number => (isTouch ? fingerPx : shapesPx);

/** Finds the thing under a point of the hall, or the view that shows it larger. */
const hitAt = (layout: HallLayout, point: Point, { scale }: View, isTouch: boolean): Hit => {
  const seatPx = seatSpacing * scale;
  if (seatPx >= seatPxMin(isTouch)) {
    const withinM = Math.max(seatSpacing, reachPx / scale);
    const seatNumber = layout.index.nearest(point.x, point.y, withinM);
    if (seatNumber !== null) return { kind: "seat", seatNumber };
  }
  const shape = sectionAt(layout, point);
  if (shape === null) return { kind: "nothing" };
  const section = layout.sections.indexOf(shape);
  return { kind: shape.section.kind === "STANDING" ? "standing" : "small", section };
};

/** The view of a hall on one canvas. `changed` is called after each change. */
export const createCamera = (layout: HallLayout, changed: () => void): Camera => {
  const { box: hall } = layout;
  let size: Size = { width: 1, height: 1 };
  let view: View = fitted(hall, size);

  const set = (next: View): void => {
    view = bounded(next, hall, size);
    changed();
  };
  const mover = createMover(() => view, set);
  const jump = (next: View): void => {
    mover.stop();
    set(next);
  };
  const moveTo = (target: View): void => mover.moveTo(bounded(target, hall, size));
  const isWhole = (): boolean => view.scale <= fitted(hall, size).scale * 1.001;
  const zoom = (at: Point, factor: number): boolean => {
    const before = view.scale;
    jump(zoomed(view, size, at, factor));
    return Math.abs(view.scale / before - 1) > 1e-6;
  };

  return {
    view: () => view,
    size: () => size,
    isWhole,
    resize(next) {
      const wasWhole = size.width <= 1 || isWhole();
      size = next;
      jump(wasWhole ? fitted(hall, size) : view);
    },
    drag: (dx, dy) => jump(moved(view, dx, dy)),
    zoom,
    zoomBy: (factor) => void zoom({ x: size.width / 2, y: size.height / 2 }, factor),
    showAll: () => moveTo(fitted(hall, size)),
    showSeat: (seatNumber) => moveTo(viewOfSeat(layout, seatNumber, view, size)),
    tap(at, isTouch) {
      const point = toHall(view, size, at);
      const hit = hitAt(layout, point, view, isTouch);
      const shape = hit.kind === "small" ? layout.sections[hit.section] : undefined;
      if (shape === undefined) return hit;
      const isSeen = seatSpacing * view.scale >= shapesPx;
      moveTo(
        isSeen
          ? { ...point, scale: Math.max(view.scale, nearPx / seatSpacing) }
          : viewOfSection(shape, point, size, seatPxMin(isTouch)),
      );
      return hit;
    },
  };
};
