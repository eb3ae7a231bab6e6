import type { Point } from "./plan.ts";

/** The hall's view, as gestures change it. Coordinates are CSS pixels of the canvas. */
export interface Gestures {
  drag(dx: number, dy: number): void;
  zoom(at: Point, factor: number): boolean;
  tap(at: Point, by: TapKind): void;
}

export interface TapKind {
  readonly isTouch: boolean;
  /** With the Shift key: up to here. */
  readonly hasShift: boolean;
}

/** A finger may tremble this far in a tap, in CSS pixels. */
const tremblePx = 8;
/** A pixel of the wheel makes the hall larger or smaller by this share; a pinch on a touch pad sends smaller pixels. */
const wheelShare = 0.0016;
const pinchShare = 0.012;
/** A turn of the wheel that has zoomed goes on until it rests for so long. */
const wheelPauseMs = 400;

const middleOf = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
const distanceOf = (a: Point, b: Point): number => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));

/** Listens to pointers and to the wheel on an element until the returned function is called. */
export const listenToGestures = (element: HTMLElement, gestures: Gestures): (() => void) => {
  const stop = new AbortController();
  const { signal } = stop;
  const pointers = new Map<number, Point>();
  /** Where the only pointer came down; null once it is a drag. */
  let downAt: Point | null = null;
  const pointOf = (event: MouseEvent): Point => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, pointOf(event));
    downAt = pointers.size === 1 ? pointOf(event) : null;
  };
  const move = (event: PointerEvent): void => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) return;
    const now = pointOf(event);
    if (downAt !== null && distanceOf(downAt, now) <= tremblePx) return;
    downAt = null;
    pointers.set(event.pointerId, now);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) return gestures.drag(now.x - before.x, now.y - before.y);
    const [from, to] = [middleOf(before, other), middleOf(now, other)];
    gestures.drag(to.x - from.x, to.y - from.y);
    gestures.zoom(to, distanceOf(now, other) / distanceOf(before, other));
  };
  const up = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId) || downAt === null) return;
    const at = downAt;
    downAt = null;
    if (event.type !== "pointerup") return;
    gestures.tap(at, { isTouch: event.pointerType === "touch", hasShift: event.shiftKey });
  };
  /** When the wheel was last turned for the map, in ms of the events' clock. */
  let wheelAtMs = -Infinity;
  const wheel = (event: WheelEvent): void => {
    const px = event.deltaMode === 0 ? event.deltaY : event.deltaY * 16;
    const factor = Math.exp(-px * (event.ctrlKey ? pinchShare : wheelShare));
    const isZoom = gestures.zoom(pointOf(event), factor) || event.ctrlKey;
    // At the end of its range the map leaves the wheel to the page, but not within one turn.
    if (!isZoom && event.timeStamp - wheelAtMs > wheelPauseMs) return;
    wheelAtMs = event.timeStamp;
    event.preventDefault();
  };
  element.addEventListener("pointerdown", down, { signal });
  element.addEventListener("pointermove", move, { signal });
  element.addEventListener("pointerup", up, { signal });
  element.addEventListener("pointercancel", up, { signal });
  element.addEventListener("wheel", wheel, { signal, passive: false });
  return () => stop.abort();
};
