import type { Report } from "./report.ts";

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

interface Line {
  readonly name: string;
  readonly dash: string;
  readonly ink: string;
  readonly values: readonly (readonly [number, number])[];
}

const size = { width: 720, height: 240, left: 56, bottom: 28, top: 12, right: 12 };

/** A plot as SVG: every mark by attributes, so that it needs neither script nor style. */
const plot = (title: string, unit: string, lines: readonly Line[]): string => {
  const all = lines.flatMap(({ values }) => values);
  const maxX = Math.max(1, ...all.map(([x]) => x));
  const maxY = Math.max(1, ...all.map(([, y]) => y));
  const across = size.width - size.left - size.right;
  const down = size.height - size.top - size.bottom;
  const at = ([x, y]: readonly [number, number]): string =>
    `${(size.left + (x / maxX) * across).toFixed(1)},${(size.top + down - (y / maxY) * down).toFixed(1)}`;
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const y = size.top + down * (1 - share);
    return `<line x1="${size.left}" x2="${size.width - size.right}" y1="${y}" y2="${y}" stroke="#ddd6ca"/><text x="${size.left - 8}" y="${y + 4}" text-anchor="end" font-size="11" fill="#5c554a">${Math.round(maxY * share)}</text>`;
  });
  const paths = lines.map(
    ({ values, ink, dash }) =>
      `<polyline points="${values.map(at).join(" ")}" fill="none" stroke="${ink}" stroke-width="2" stroke-dasharray="${dash}"/>`,
  );
  const key = lines.map(
    ({ name, ink }, n) =>
      `<text x="${size.left + 8 + n * 110}" y="${size.top + 12}" font-size="12" font-weight="700" fill="${ink}">${escape(name)}</text>`,
  );
  const end = `<text x="${size.width - size.right}" y="${size.height - 8}" text-anchor="end" font-size="11" fill="#5c554a">${maxX} ${unit}</text>`;
  return `<h2>${escape(title)}</h2><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="100%" role="img" aria-label="${escape(title)}">${grid.join("")}${paths.join("")}${key.join("")}${end}</svg>`;
};

const table = (title: string, rows: readonly (readonly [string, string | number])[]): string =>
  `<h2>${escape(title)}</h2><table cellpadding="6">${rows
    .map(
      ([name, value]) =>
        `<tr><th align="left" scope="row">${escape(name)}</th><td align="right">${escape(String(value))}</td></tr>`,
    )
    .join("")}</table>`;

const verdictRows = (report: Report): readonly (readonly [string, string | number])[] => [
  [
    "All invariants hold",
    report.allHold ? "yes" : report.database.isChecked ? "NO" : "not checked",
  ],
  ["Faults found in the database", report.database.faults.length],
  ["Positions that rose", report.positionsThatRose],
  ["Admitted out of order", report.database.outOfOrder],
];

/** The report as a page of its own. */
export const reportPage = (report: Report, waits: readonly number[]): string => {
  const { series, endings, refusals, database } = report;
  const of = (name: "waiting" | "shopping" | "bought") =>
    series.map((moment) => [moment.second, moment[name]] as const);
  const crowd = plot("The crowd over time", "s", [
    { name: "waiting", ink: "#0b5cad", dash: "", values: of("waiting") },
    { name: "shopping", ink: "#b45309", dash: "6 4", values: of("shopping") },
    { name: "bought", ink: "#00755a", dash: "2 3", values: of("bought") },
  ]);
  const shares = waits.map(
    (wait, n) => [Math.round((100 * (n + 1)) / waits.length), wait] as const,
  );
  const wait = plot("Seconds waited, by share of those admitted", "%", [
    { name: "wait", ink: "#0b5cad", dash: "", values: shares },
  ]);
  const figures: (readonly [string, string | number])[] = [
    ["Fans", report.fans],
    ["Took", `${report.tookSeconds} s`],
    ["Requests", report.requests],
    ["Seats bought", report.seatsBought],
    ["Seats sold in the database", database.isChecked ? database.seatsSold : "not checked"],
    ["Revenue in the database", database.isChecked ? database.revenue : "not checked"],
    ...Object.entries(report.waits ?? {}).map(
      ([name, value]) => [`Wait, ${name}`, `${value} s`] as const,
    ),
    ...Object.entries(endings).map(([name, value]) => [`Ended: ${name}`, value ?? 0] as const),
  ];
  const faults = database.faults.map((fault) => `<li>${escape(fault)}</li>`).join("");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Simulated sale · Frontrow</title></head><body><main><h1>Simulated sale of ${escape(report.startedAt)}</h1>${table("What must hold", verdictRows(report))}<ul>${faults}</ul>${table("Figures", figures)}${crowd}${wait}${table("Refusals", Object.entries(refusals))}</main></body></html>\n`;
};
