/** One line of a plot. */
export interface Series {
  readonly name: string;
  readonly values: readonly (readonly [x: number, y: number])[];
}

export interface Plot {
  readonly title: string;
  /** The unit of x. */
  readonly across: string;
  /** Two at most: there are two colours and two dash patterns. */
  readonly lines: readonly Series[];
}

const size = { width: 560, height: 200, left: 44, bottom: 26, top: 24, right: 8 } as const;
const rowsAimed = 4;
const columnsAimed = 6;

/** Returns 1, 2 or 5 times a power of ten, so that the grid has about `aimed` lines. */
const stepFor = (max: number, aimed: number): number => {
  const rough = max / aimed;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10;
  return Math.max(1, step * power);
};

const marks = (max: number, aimed: number): number[] => {
  const step = stepFor(max, aimed);
  return Array.from({ length: Math.ceil(max / step) + 1 }, (_, n) => n * step);
};

/** Returns a plot as SVG; the page has its style. Titles and names are constants, so they are not escaped. */
export const plot = ({ title, across, lines }: Plot): string => {
  const all = lines.flatMap(({ values }) => values);
  const maxX = Math.max(1, ...all.map(([x]) => x));
  const rows = marks(Math.max(1, ...all.map(([, y]) => y)), rowsAimed);
  const maxY = rows.at(-1) ?? 1;
  const width = size.width - size.left - size.right;
  const height = size.height - size.top - size.bottom;
  const xOf = (x: number): string => (size.left + (x / maxX) * width).toFixed(1);
  const yOf = (y: number): string => (size.top + height - (y / maxY) * height).toFixed(1);
  const grid = rows.map(
    (row) =>
      `<line class="grid-line" x1="${size.left}" x2="${size.width - size.right}" y1="${yOf(row)}" y2="${yOf(row)}"/><text x="${size.left - 6}" y="${Number(yOf(row)) + 4}" text-anchor="end">${row.toLocaleString("en")}</text>`,
  );
  const feet = marks(maxX, columnsAimed)
    .filter((column) => column <= maxX)
    .map(
      (column, n) =>
        `<text x="${xOf(column)}" y="${size.height - 6}" text-anchor="${n === 0 ? "start" : column === maxX ? "end" : "middle"}">${column} ${across}</text>`,
    );
  const drawn = lines.map(({ name, values }, n) => {
    const points = values.map(([x, y]) => `${xOf(x)},${yOf(y)}`).join(" ");
    return `<polyline class="line n${n}" points="${points}"/><text class="key k${n}" x="${size.left + n * 140}" y="12">${n === 0 ? "━" : "╍"} ${name}</text>`;
  });
  return `<figure><h2>${title}</h2><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${title}">${grid.join("")}${feet.join("")}${drawn.join("")}</svg></figure>`;
};
