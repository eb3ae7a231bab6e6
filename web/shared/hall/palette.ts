/** The colours of the grades, as the seat icons have them, most expensive grade first. */
const gradeColours = ["#0b5cad", "#f0a81c", "#00755a", "#a8326f", "#7cc4f0", "#6b5b00"];

type Rgb = readonly [red: number, green: number, blue: number];

/** The colours of the page, in its present scheme. */
export interface Palette {
  readonly card: string;
  readonly ink: string;
  readonly soft: string;
  readonly edge: string;
  readonly spot: string;
  readonly paper: string;
  /** The family of the page's letters. */
  readonly font: string;
  gradeColour(grade: number): string;
  /** The card with a share of a grade's colour, from 0 to 1. */
  shade(grade: number, share: number): string;
}

const rgbOf = (hex: string): Rgb => {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
};

/** A colour with each of its channels as 8 bits, in the order in which a canvas keeps them. */
export const pixelOf = (hex: string): number => {
  const [red, green, blue] = rgbOf(hex);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
};

const full = (hex: string): string =>
  hex.length === 4 ? hex.replaceAll(/[\da-f]/gi, "$&$&") : hex;

const mixed = (from: string, to: string, share: number): string => {
  const [a, b] = [rgbOf(from), rgbOf(to)];
  const channels = a.map((value, n) => Math.round(value + ((b[n] ?? 0) - value) * share));
  return `rgb(${channels.join()})`;
};

/** Reads the colours from the style sheet at an element. */
export const paletteAt = (element: Element): Palette => {
  const style = getComputedStyle(element);
  const read = (name: string): string => full(style.getPropertyValue(`--${name}`).trim());
  const card = read("card");
  const gradeColour = (grade: number): string =>
    gradeColours[grade % gradeColours.length] ?? "#000000";
  return {
    card,
    ink: read("ink"),
    soft: read("soft"),
    edge: read("edge"),
    spot: read("spot"),
    paper: read("paper"),
    font: style.fontFamily,
    gradeColour,
    shade: (grade, share) => mixed(card, gradeColour(grade), share),
  };
};
