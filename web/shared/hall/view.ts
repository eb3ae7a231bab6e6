import type { Point } from "./plan.ts";

/** A rectangle of the hall, in metres. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The part of the hall on the canvas: the point in its middle, and the pixels of a metre. */
export interface View extends Point {
  readonly scale: number;
}

/** The canvas in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Space around the hall, in CSS pixels. */
const marginPx = 12;
/** The largest scale: a seat of half a metre is 40 pixels wide, more than a finger needs. */
const scaleMax = 80;

const middle = (from: number, to: number): number => (from + to) / 2;

/** Shows a part of the hall as large as it fits. */
export const fitted = ({ left, top, right, bottom }: Box, { width, height }: Size): View => ({
  x: middle(left, right),
  y: middle(top, bottom),
  scale: Math.min(
    scaleMax,
    Math.max(1, width - 2 * marginPx) / Math.max(1, right - left),
    Math.max(1, height - 2 * marginPx) / Math.max(1, bottom - top),
  ),
});

export const toScreen = (view: View, size: Size, { x, y }: Point): Point => ({
  x: (x - view.x) * view.scale + size.width / 2,
  y: (y - view.y) * view.scale + size.height / 2,
});

export const toHall = (view: View, size: Size, { x, y }: Point): Point => ({
  x: (x - size.width / 2) / view.scale + view.x,
  y: (y - size.height / 2) / view.scale + view.y,
});

/** The part of the hall that the canvas shows. */
export const visibleBox = (view: View, size: Size): Box => {
  const [from, to] = [
    toHall(view, size, { x: 0, y: 0 }),
    toHall(view, size, { x: size.width, y: size.height }),
  ];
  return { left: from.x, top: from.y, right: to.x, bottom: to.y };
};

/** The coordinate nearest to `at` with which the canvas shows no more empty space than it must. */
const within = (at: number, from: number, to: number, shown: number): number => {
  const [low, high] = [from + shown / 2, to - shown / 2];
  return low > high ? middle(from, to) : Math.min(high, Math.max(low, at));
};

/** The view nearest to `view` that is not smaller than the whole hall, not too large, and not outside. */
export const bounded = (view: View, hall: Box, size: Size): View => {
  const whole = fitted(hall, size);
  const scale = Math.min(scaleMax, Math.max(whole.scale, view.scale));
  const margin = marginPx / scale;
  return {
    scale,
    x: within(view.x, hall.left - margin, hall.right + margin, size.width / scale),
    y: within(view.y, hall.top - margin, hall.bottom + margin, size.height / scale),
  };
};

/** Moves the hall by pixels, as a finger drags it. */
export const moved = (view: View, dx: number, dy: number): View => ({
  ...view,
  x: view.x - dx / view.scale,
  y: view.y - dy / view.scale,
});

/** Makes the hall `factor` times as large. The point under `at`, in pixels, stays where it is. */
export const zoomed = (view: View, size: Size, at: Point, factor: number): View => {
  const fixed = toHall(view, size, at);
  const scale = Math.min(scaleMax, view.scale * factor);
  return {
    scale,
    x: fixed.x - (at.x - size.width / 2) / scale,
    y: fixed.y - (at.y - size.height / 2) / scale,
  };
};

/** Whether two boxes overlap, or nearly do. */
export const overlaps = (a: Box, b: Box, margin: number): boolean =>
  a.left < b.right + margin &&
  a.right > b.left - margin &&
  a.top < b.bottom + margin &&
  a.bottom > b.top - margin;

/** A box with a share of its own size added on each side. */
export const grown = ({ left, top, right, bottom }: Box, share: number): Box => {
  const [wide, high] = [(right - left) * share, (bottom - top) * share];
  return { left: left - wide, top: top - high, right: right + wide, bottom: bottom + high };
};

/** Whether a box has everything of another one that lies in the hall. */
export const covers = (box: Box, other: Box, hall: Box): boolean =>
  box.left <= Math.max(other.left, hall.left) &&
  box.top <= Math.max(other.top, hall.top) &&
  box.right >= Math.min(other.right, hall.right) &&
  box.bottom >= Math.min(other.bottom, hall.bottom);
