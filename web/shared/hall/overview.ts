import { devicePx, dotPainter } from "./dots.ts";
import { drawGround } from "./grounds.ts";
import type { Scene } from "./scene.ts";
import { paintSteps, takeSlice, workPerFrame } from "./slices.ts";
import { covers, grown, visibleBox, type Size } from "./view.ts";

/**
 * A hall that is shown small: a picture of its sections and seats, larger than the canvas. While the view changes,
 * the picture is moved and stretched. A new one is painted in slices, one each frame, and replaces it once it is whole.
 */
export interface Overview {
  /** Draws in device pixels. */
  draw(onto: CanvasRenderingContext2D, scene: Scene): void;
}

/** The space around the canvas as a share of its size; a new picture is begun when less than the second is left. */
const [margin, marginMin] = [0.25, 0.1];

/** Whether a picture no longer shows the hall as it is. */
const isStale = (painted: Scene, scene: Scene): boolean =>
  painted.statuses.codes !== scene.statuses.codes ||
  painted.palette !== scene.palette ||
  painted.density !== scene.density ||
  painted.view.scale !== scene.view.scale ||
  !covers(
    visibleBox(painted.view, painted.size),
    grown(visibleBox(scene.view, scene.size), marginMin),
    scene.layout.box,
  );

const widened = (scene: Scene): Scene => {
  const { width, height } = scene.size;
  const factor = 1 + 2 * margin;
  return { ...scene, size: { width: width * factor, height: height * factor } };
};

const penOf = (alpha: boolean): CanvasRenderingContext2D => {
  const pen = document.createElement("canvas").getContext("2d", { alpha });
  if (pen === null) throw new Error("the browser gives no more canvases");
  return pen;
};

const resize = ({ canvas }: CanvasRenderingContext2D, { width, height }: Size): void => {
  if (canvas.width === width && canvas.height === height) return;
  [canvas.width, canvas.height] = [width, height];
};

/** `changed` asks for another frame. */
export const createOverview = (changed: () => void): Overview => {
  const dots = penOf(true);
  let [front, back] = [penOf(false), penOf(false)];
  let image = new ImageData(1, 1);
  /** The scene that the front has. */
  let shown: Scene | null = null;
  /** The rest of the work on the back. */
  let steps: Generator<number, void> | null = null;

  /** Paints a scene on the back, and shows it. Each step that handles all pixels has a frame of its own. */
  function* paint(scene: Scene): Generator<number, void> {
    const { layout, view, size, density, palette } = scene;
    const { width, height } = devicePx(size, density);
    for (const pen of [dots, back]) resize(pen, { width, height });
    if (image.width !== width || image.height !== height) image = new ImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer).fill(0);
    back.setTransform(density, 0, 0, density, 0, 0);
    back.fillStyle = palette.card;
    back.fillRect(0, 0, size.width, size.height);
    yield workPerFrame;
    const ground = (at: number): void => drawGround(back, scene, at);
    const parts = { ground, dots: dotPainter(pixels, scene) };
    yield* paintSteps(layout, visibleBox(view, size), parts);
    yield workPerFrame;
    dots.putImageData(image, 0, 0);
    yield workPerFrame;
    back.resetTransform();
    back.drawImage(dots.canvas, 0, 0);
    [front, back] = [back, front];
    shown = scene;
  }

  const draw = (onto: CanvasRenderingContext2D, scene: Scene): void => {
    const isDone = (): boolean => shown !== null && !isStale(shown, scene);
    if (steps === null && !isDone()) steps = paint(widened(scene));
    if (steps !== null && takeSlice(steps)) steps = null;
    if (!isDone()) changed();
    if (shown === null) return;
    const { view, density } = scene;
    const factor = view.scale / shown.view.scale;
    const perMetre = view.scale * density;
    const [wide, high] = [front.canvas.width * factor, front.canvas.height * factor];
    const x = (shown.view.x - view.x) * perMetre + (onto.canvas.width - wide) / 2;
    const y = (shown.view.y - view.y) * perMetre + (onto.canvas.height - high) / 2;
    onto.drawImage(front.canvas, Math.round(x), Math.round(y), wide, high);
  };
  return { draw };
};
