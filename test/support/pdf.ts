import { inflateSync } from "node:zlib";
import decodeQR from "qr/decode.js";

// Reads a PDF of tickets back, as a viewer does: its text by the table from letters of the font to characters, and its
// QR codes from the squares that are drawn.

/** The streams of a PDF, each inflated. */
const streamsOf = (pdf: Buffer): string[] => {
  const streams: string[] = [];
  const text = pdf.toString("latin1");
  for (const { index, 0: head } of text.matchAll(/>>\s*stream\r?\n/g)) {
    const start = index + head.length;
    const end = text.indexOf("endstream", start);
    try {
      streams.push(inflateSync(pdf.subarray(start, end)).toString("latin1"));
    } catch {
      streams.push(text.slice(start, end));
    }
  }
  return streams;
};

/** Characters from the UTF-16 of a table, in hex. */
const charactersOf = (hex: string): string =>
  String.fromCharCode(...(hex.match(/.{4}/g) ?? []).map((one) => Number.parseInt(one, 16)));

/** The characters of each letter of the embedded font, by its number. */
const lettersOf = (streams: readonly string[]): Map<number, string> => {
  const letters = new Map<number, string>();
  for (const table of streams.filter((it) => it.includes("beginbfrange")))
    for (const [, from = "", , list = ""] of table.matchAll(/<(\w+)> <(\w+)> \[([^\]]*)\]/g))
      for (const [n, { 1: hex = "" }] of [...list.matchAll(/<([\w ]+)>/g)].entries())
        letters.set(Number.parseInt(from, 16) + n, charactersOf(hex.replaceAll(" ", "")));
  return letters;
};

const textOf = (page: string, letters: ReadonlyMap<number, string>): string =>
  [...page.matchAll(/\[([^\]]*)\] TJ/g)]
    .map(({ 1: parts = "" }) =>
      [...parts.matchAll(/<(\w+)>/g)]
        .flatMap(({ 1: hex = "" }) => hex.match(/.{4}/g) ?? [])
        .map((one) => letters.get(Number.parseInt(one, 16)) ?? "\uFFFD")
        .join(""),
    )
    .join("\n");

const scale = 2;

/** Reads the code of a page: paints its squares, dark on light, and decodes the picture. */
const codeOf = (page: string): string | null => {
  const squares = [...page.matchAll(/([\d.-]+) ([\d.-]+) ([\d.-]+) ([\d.-]+) re/g)].map((it) =>
    it.slice(1).map((value) => Number(value) * scale),
  );
  if (squares.length === 0) return null;
  const [width, height] = [420 * scale, 595 * scale];
  const pixels = new Uint8Array(width * height * 4).fill(255);
  for (const [x = 0, y = 0, w = 0, h = 0] of squares)
    for (let row = Math.round(y); row < Math.round(y + h); row += 1)
      for (let column = Math.round(x); column < Math.round(x + w); column += 1)
        pixels.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
  return decodeQR({ width, height, data: pixels });
};

export interface ReadPage {
  readonly text: string;
  readonly code: string | null;
  readonly images: number;
}

/** The pages of a PDF, in their order. */
export const readPdf = (pdf: Buffer): readonly ReadPage[] => {
  const streams = streamsOf(pdf);
  const letters = lettersOf(streams);
  return streams
    .filter((it) => it.includes(" TJ"))
    .map((page) => ({
      text: textOf(page, letters),
      code: codeOf(page),
      images: page.match(/\/I\d+ Do/g)?.length ?? 0,
    }));
};
