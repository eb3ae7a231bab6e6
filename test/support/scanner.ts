import { writeFileSync } from "node:fs";
import type { BrowserContext, Page } from "playwright-core";
import { create } from "qrcode";

// A camera in the browser that films the codes that a test shows.

/** The modules of a code with a margin of four, as rows: true is dark. */
const matrixOf = (text: string): readonly (readonly boolean[])[] => {
  const { modules } = create(text, { errorCorrectionLevel: "M" });
  const margin = 4;
  const size = modules.size + 2 * margin;
  const isDark = (x: number, y: number): boolean =>
    Math.min(x, y) >= 0 && Math.max(x, y) < modules.size && modules.get(y, x) !== 0;
  return Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (__, x) => isDark(x - margin, y - margin)),
  );
};

/** In the page: the camera is a canvas, and `showToCamera` draws on it. */
const cameraScript = `{
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [640, 480];
  const drawing = canvas.getContext("2d");
  let rows = [];
  const draw = () => {
    drawing.fillStyle = "#777";
    drawing.fillRect(0, 0, 640, 480);
    const edge = 7;
    rows.forEach((row, y) => row.forEach((isDark, x) => {
      drawing.fillStyle = isDark ? "#111" : "#eee";
      drawing.fillRect(100 + x * edge, 40 + y * edge, edge, edge);
    }));
  };
  setInterval(draw, 50);
  globalThis.showToCamera = (next) => { rows = next; };
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(20);
}`;

/** Gives the pages of a context a camera that films nothing yet. */
export const giveCamera = async (context: BrowserContext): Promise<void> => {
  await context.addInitScript(cameraScript);
};

/** Holds a code before the camera of a page; null: takes it away. */
export const showToCamera = async (page: Page, code: string | null): Promise<void> => {
  const rows = code === null ? [] : matrixOf(code);
  await page.evaluate(`showToCamera(${JSON.stringify(rows)})`);
};

/** Writes a film of one picture with a code, as Chromium's fake camera reads it: YUV4MPEG2, 4:2:0. */
export const writeFilm = (path: string, code: string): void => {
  const [width, height, edge] = [640, 480, 7];
  const rows = matrixOf(code);
  const luma = Buffer.alloc(width * height, 120);
  for (const [y, row] of rows.entries())
    for (const [x, isDark] of row.entries())
      for (let line = 0; line < edge; line += 1) {
        const at = (50 + y * edge + line) * width + 130 + x * edge;
        luma.fill(isDark ? 20 : 230, at, at + edge);
      }
  const chroma = Buffer.alloc((width * height) / 2, 128);
  const frame = Buffer.concat([Buffer.from("FRAME\n"), luma, chroma]);
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(path, Buffer.concat([head, ...Array.from({ length: 10 }, () => frame)]));
};
