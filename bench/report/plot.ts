// Small pictures as SVG text: no library, readable on light and dark pages.

export interface Bar {
  readonly label: string;
  /** Parts of the bar, from the left. */
  readonly parts: readonly { readonly name: string; readonly value: number }[];
  /** The text at its end. */
  readonly note: string;
  /** The target: the bar targets it, or stays below it. */
  readonly mark?: number;
}

export interface Curve {
  readonly label: string;
  readonly dashed: boolean;
  readonly colour: number;
  /** Values at `shares`. */
  readonly values: readonly number[];
}

const colours = ["#3b6fd4", "#d4763b", "#3aa56b", "#9a5bc0", "#b8a028", "#5f6b7a"];
const colour = (index: number): string => colours[index % colours.length] ?? "#000";
const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const width = 760;
const rowHeight = 34;
const left = 250;
const right = 150;

const page = (height: number, title: string, content: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="13">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="16" y="26" font-size="16" font-weight="600" fill="#1c2430">${escape(title)}</text>`,
    ...content,
    "</svg>",
    "",
  ].join("\n");

const text = (x: number, y: number, words: string, more = ""): string =>
  `<text x="${round(x)}" y="${round(y)}" fill="#1c2430" ${more}>${escape(words)}</text>`;

const round = (value: number): number => Math.round(value * 10) / 10;

const legend = (names: readonly string[], y: number): string[] =>
  names.flatMap((name, index) => {
    const x = 16 + index * 130;
    return [
      `<rect x="${x}" y="${y - 10}" width="12" height="12" fill="${colour(index)}"/>`,
      text(x + 18, y, name),
    ];
  });

/** Lying bars, one below the other; with several parts each, a legend says which is which. */
export const barChart = (title: string, bars: readonly Bar[]): string => {
  const names = [...new Set(bars.flatMap((bar) => bar.parts.map((part) => part.name)))];
  const total = (bar: Bar): number => bar.parts.reduce((sum, part) => sum + part.value, 0);
  const largest = Math.max(...bars.map((bar) => Math.max(total(bar), bar.mark ?? 0)), 1e-9);
  const scale = (width - left - right) / largest;
  const top = names.length > 1 ? 66 : 46;
  const content = names.length > 1 ? legend(names, 50) : [];
  for (const [index, bar] of bars.entries()) {
    const y = top + index * rowHeight;
    content.push(text(left - 10, y + 17, bar.label, 'text-anchor="end"'));
    let x = left;
    for (const part of bar.parts) {
      const long = part.value * scale;
      const fill = colour(names.indexOf(part.name));
      content.push(
        `<rect x="${round(x)}" y="${y}" width="${round(long)}" height="22" fill="${fill}"/>`,
      );
      x += long;
    }
    if (bar.mark !== undefined) {
      const at = round(left + bar.mark * scale);
      content.push(
        `<line x1="${at}" x2="${at}" y1="${y - 4}" y2="${y + 26}" stroke="#1c2430" stroke-width="2"/>`,
      );
    }
    content.push(text(Math.max(x, left + (bar.mark ?? 0) * scale) + 8, y + 16, bar.note));
  }
  return page(top + bars.length * rowHeight + 12, title, content);
};

/** The shares of all answers at which curves are read; the axis stretches towards the slowest. */
export const shares = [0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999] as const;

const shareNames = ["0", "50 %", "75 %", "90 %", "95 %", "99 %", "99.5 %", "99.9 %", "99.99 %"];

/** Curves over shares, on a logarithmic scale from one power of ten to another. */
export const shareChart = (title: string, unit: string, curves: readonly Curve[]): string => {
  const plot = { left: 64, top: 46, width: 500, height: 300 };
  const values = curves.flatMap((curve) => curve.values).filter((value) => value > 0);
  const low = Math.floor(Math.log10(Math.min(...values, 1)));
  const high = Math.ceil(Math.log10(Math.max(...values, 10)));
  const yOf = (value: number): number =>
    plot.top + plot.height * (1 - (Math.log10(Math.max(value, 10 ** low)) - low) / (high - low));
  const xOf = (index: number): number => plot.left + (plot.width * index) / (shares.length - 1);
  const grid = Array.from({ length: high - low + 1 }, (_, step) => {
    const value = 10 ** (low + step);
    const y = round(yOf(value));
    const line = `<line x1="${plot.left}" x2="${plot.left + plot.width}" y1="${y}" y2="${y}" stroke="#d5dae1"/>`;
    return line + text(plot.left - 8, y + 4, `${value} ${unit}`, 'text-anchor="end"');
  });
  const marks = shareNames.map((name, index) =>
    text(xOf(index), plot.top + plot.height + 20, name, 'text-anchor="middle" font-size="11"'),
  );
  const lines = curves.flatMap((curve, index) => {
    const points = curve.values.map((value, at) => `${round(xOf(at))},${round(yOf(value))}`);
    const dash = curve.dashed ? ' stroke-dasharray="6 4"' : "";
    const stroke = `stroke="${colour(curve.colour)}" stroke-width="2" fill="none"${dash}`;
    const y = plot.top + 8 + index * 20;
    const x = plot.left + plot.width + 24;
    return [
      `<polyline points="${points.join(" ")}" ${stroke}/>`,
      `<line x1="${x}" x2="${x + 22}" y1="${y}" y2="${y}" ${stroke}/>`,
      text(x + 28, y + 4, curve.label, 'font-size="12"'),
    ];
  });
  return page(plot.top + plot.height + 36, title, [...grid, ...marks, ...lines]);
};
