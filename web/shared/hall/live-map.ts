import { effect, type Signal } from "../signals.ts";
import { createCamera, type Camera } from "./camera.ts";
import { createPainter } from "./draw.ts";
import { listenToGestures, type TapKind } from "./gestures.ts";
import type { HallLayout } from "./layout.ts";
import { paletteAt } from "./palette.ts";
import type { Point } from "./plan.ts";
import type { SceneTexts } from "./scene.ts";
import type { SeatStatuses } from "./seat-statuses.ts";
import { stepFrom, type Direction } from "./step.ts";

/** The content of a map, and the reactions to its user. */
export interface MapModel {
  readonly layout: HallLayout;
  /** The rank of each grade by its price, which gives its colour and shape. */
  readonly ranks: Uint8Array;
  readonly statuses: Signal<SeatStatuses | null>;
  /** The selected seats. A reaction to signals that reads them is told of their changes. */
  selected(): readonly number[];
  texts(): SceneTexts;
  nameOf(seatNumber: number): string;
  /** The keyboard has reached a seat. */
  onReach(seatNumber: number): void;
  /** The user has tapped a seat or pressed space on it; with Shift: up to it. */
  onChoose(seatNumber: number, hasShift: boolean): void;
  onStanding(section: number): void;
}

const arrows: Readonly<Record<string, Direction>> = {
  ArrowLeft: { dx: -1, dy: 0 },
  ArrowRight: { dx: 1, dy: 0 },
  ArrowUp: { dx: 0, dy: -1 },
  ArrowDown: { dx: 0, dy: 1 },
};
const zoomKeys: Readonly<Record<string, number>> = { "+": 1.6, "=": 1.6, "-": 1 / 1.6, _: 1 / 1.6 };
const panPx = 80;
/** More device pixels for a CSS pixel than this cost time and show nothing more. */
const densityMax = 2;

/** A map that is drawn and listens. */
export interface LiveMap {
  readonly camera: Camera;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly stop: () => void;
}

/** Makes the map's reactions to keys. `cursor` is the seat that the keyboard has reached. */
const keyboardOf = (model: MapModel, camera: Camera, changed: () => void) => {
  let cursor: number | null = null;
  const step = (direction: Direction): void => {
    const { layout } = model;
    const { x, y } = camera.view();
    const next =
      cursor === null ? layout.index.nearest(x, y, 1_000) : stepFrom(layout, cursor, direction);
    if (next === null) return;
    cursor = next;
    camera.showSeat(next);
    changed();
    model.onReach(next);
  };
  /** Returns the action of a key; undefined for a key that is not the map's. */
  const actionOf = ({ key, shiftKey }: KeyboardEvent): (() => void) | undefined => {
    const [arrow, factor, seat] = [arrows[key], zoomKeys[key], cursor];
    if (arrow !== undefined)
      return () => (shiftKey ? camera.drag(-arrow.dx * panPx, -arrow.dy * panPx) : step(arrow));
    if (factor !== undefined) return () => camera.zoomBy(factor);
    if (key === "0" || key === "Home") return camera.showAll;
    if (seat === null || (key !== " " && key !== "Enter")) return undefined;
    return () => model.onChoose(seat, shiftKey);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = actionOf(event);
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  return { onKey, cursor: () => cursor };
};

/** Draws a map on a canvas, in the next frame after each change, until it is stopped. */
export const startMap = (canvas: HTMLCanvasElement, model: MapModel): LiveMap => {
  const { layout, ranks, nameOf } = model;
  let palette = paletteAt(canvas);
  let isDue = false;
  const draw = (): void => {
    isDue = false;
    const statuses = model.statuses.peek();
    if (statuses === null) return;
    const [view, size] = [camera.view(), camera.size()];
    canvas.classList.toggle("is-whole", camera.isWhole());
    const selected = new Set(model.selected());
    const density = canvas.width / Math.max(1, size.width);
    const texts = model.texts();
    const cursor = keyboard.cursor();
    painter.draw({
      layout,
      statuses,
      ranks,
      selected,
      cursor,
      view,
      size,
      density,
      palette,
      texts,
      nameOf,
    });
  };
  const changed = (): void => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(draw);
  };
  const painter = createPainter(canvas, changed);
  const camera = createCamera(layout, changed);
  const keyboard = keyboardOf(model, camera, changed);
  const resize = (): void => {
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width === 0 || height === 0) return;
    const density = Math.min(densityMax, devicePixelRatio);
    [canvas.width, canvas.height] = [Math.round(width * density), Math.round(height * density)];
    camera.resize({ width, height });
  };
  const tap = (at: Point, { isTouch, hasShift }: TapKind): void => {
    const hit = camera.tap(at, isTouch);
    if (hit.kind === "standing") model.onStanding(hit.section);
    if (hit.kind === "seat") model.onChoose(hit.seatNumber, hasShift);
  };
  const repaint = (): void => {
    palette = paletteAt(canvas);
    changed();
  };
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const observer = new ResizeObserver(resize);
  observer.observe(canvas);
  scheme.addEventListener("change", repaint);
  const stops = [
    listenToGestures(canvas, { drag: camera.drag, zoom: camera.zoom, tap }),
    effect(() => {
      void model.statuses.value;
      void model.selected();
      void model.texts();
      changed();
    }),
    () => observer.disconnect(),
    () => scheme.removeEventListener("change", repaint),
  ];
  return { camera, onKey: keyboard.onKey, stop: () => stops.forEach((stop) => stop()) };
};
