import { pauseText } from "./pauses.ts";
import { plot, type Series } from "./plot.ts";
import type { Moment } from "./moments.ts";
import type { Report } from "./report.ts";

const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

type Rows = readonly (readonly [string, string | number])[];

const count = (value: number): string => value.toLocaleString("en");

const table = (title: string, rows: Rows): string => {
  const lines = rows.map(([name, value]) => {
    const shown = typeof value === "number" ? count(value) : value;
    return `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(shown)}</td></tr>`;
  });
  return `<section><h2>${escapeHtml(title)}</h2><table>${lines.join("")}</table></section>`;
};

const verdictRows = ({ database, positionsThatRose }: Report): Rows => {
  const judged = (value: number): string | number => (database.isChecked ? value : "not checked");
  return [
    ["Positions that a fan saw rise", positionsThatRose],
    ["Fans whose order of admission was compared", judged(database.compared)],
    ["Of them, admitted after a later one", judged(database.outOfOrder)],
    ["Tickets given to fans, but not theirs in the database", judged(database.ticketsMissing)],
    ["Holds that were compared with the plan", database.holds.compared],
    ["Of them, with seats that the server chose", database.holds.best],
    ["Of them, with seats that had to be side by side", database.holds.together],
    ["Standing places in them", database.holds.standing],
    ["Other faults found in the database and in answers", database.faults.length],
  ];
};

const figureRows = (report: Report): Rows => {
  const { database, waits, hoarding } = report;
  return [
    ["Fans", report.fans],
    ["Requests", report.requests],
    ["Took", `${report.tookSeconds} s`],
    ["Seats bought by this crowd", report.seatsBought],
    ["Seats sold, in the database", database.isChecked ? database.seatsSold : "not checked"],
    ["Revenue, in the database", database.isChecked ? database.revenue : "not checked"],
    ...(hoarding === null
      ? []
      : [
          ["Holds of hoarders", hoarding.holds] as const,
          ["Holds of hoarders refused by the limit", hoarding.refusedHolds] as const,
          [
            "Time in which a hoarder held seats",
            `${Math.round(hoarding.heldShare * 100)} %`,
          ] as const,
        ]),
    ...Object.entries(waits ?? {}).map(([name, value]) => [`Wait, ${name}`, `${value} s`] as const),
  ];
};

const countRows = (counts: Readonly<Record<string, number | undefined>>): Rows =>
  Object.entries(counts).map(([name, value]) => [name, value ?? 0] as const);

const minute = 60;

/** The admissions of the last minute at each moment; of the time since the start while that is shorter. */
export const admittedAMinute = (series: readonly Moment[]): Series["values"] =>
  series.map(({ second, admitted }) => {
    const before = series.findLast((earlier) => earlier.second <= second - minute);
    return [second, admitted - (before?.admitted ?? 0)] as const;
  });

const plots = (series: readonly Moment[], waits: readonly number[]): string => {
  const of = (name: Exclude<keyof Moment, "queue">): Series["values"] =>
    series.map((moment) => [moment.second, moment[name]] as const);
  const shares = waits.map((wait, n) => [(100 * (n + 1)) / waits.length, wait] as const);
  return [
    plot({
      title: "Waiting users",
      across: "s",
      lines: [{ name: "waiting", values: of("waiting") }],
    }),
    plot({
      title: "Users who choose and pay; seats bought",
      across: "s",
      lines: [
        { name: "seats bought", values: of("seats") },
        { name: "shopping", values: of("shopping") },
      ],
    }),
    plot({
      title: "Admitted within the last minute",
      across: "s",
      lines: [{ name: "admitted", values: admittedAMinute(series) }],
    }),
    plot({
      title: "Seconds waited, by share of those admitted",
      across: "%",
      lines: [{ name: "wait in s", values: shares }],
    }),
  ].join("");
};

const style = `
:root{color-scheme:light dark;--paper:#faf8f4;--card:#fff;--ink:#17130e;--soft:#5c554a;--line:#ddd6ca;--a:#0b5cad;--b:#b45309;--good:#0a6045;--bad:#a82019}
@media(prefers-color-scheme:dark){:root{--paper:#12100d;--card:#1d1a16;--ink:#f6f1e7;--soft:#b8ae9f;--line:#3a342c;--a:#7cc4f0;--b:#ffc21a;--good:#66d3a6;--bad:#ff9389}}
body{margin:0;background:var(--paper);color:var(--ink);font:400 1rem/1.5 sans-serif}
main{max-width:72rem;margin:auto;padding:1.5rem}h1{font-size:1.75rem;margin:0}h2{font-size:1rem;margin:0 0 .5rem}
.verdict{font-weight:700}.good{color:var(--good)}.bad{color:var(--bad)}p{color:var(--soft);margin:.25rem 0 1rem}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:1rem;margin-top:1rem}
section,figure{margin:0;padding:1rem 1.25rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem}
table{width:100%;border-collapse:collapse;font-size:.875rem}th{text-align:start;font-weight:400;overflow-wrap:anywhere}
td{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}th,td{padding:.25rem 0;border-bottom:1px solid var(--line)}
svg{display:block;width:100%}svg text{font-size:11px;fill:var(--soft)}.grid-line{stroke:var(--line)}
.line{fill:none;stroke-width:2}.n0{stroke:var(--a)}.n1{stroke:var(--b);stroke-dasharray:6 4}
text.key{font-size:12px;font-weight:700}text.k0{fill:var(--a)}text.k1{fill:var(--b)}`;

const verdictOf = (report: Report): string => {
  if (!report.database.isChecked)
    return `<b class="verdict">Not checked: there is no DATABASE_URL</b>`;
  return report.allHold
    ? `<b class="verdict good">✔ All invariants hold</b>`
    : `<b class="verdict bad">✖ An invariant does not hold</b>`;
};

/** Returns the report as one self-contained page. */
export const reportPage = (report: Report, waits: readonly number[]): string => {
  const { series, endings, refusals, kinds, database } = report;
  const faults = database.faults.map((fault) => `<li>${escapeHtml(fault)}</li>`).join("");
  const tables = [
    table("Invariants", verdictRows(report)),
    table("Figures", figureRows(report)),
    table("Endings", countRows(endings)),
    table("Kinds of fans", countRows(kinds)),
    table("Refusals", Object.keys(refusals).length === 0 ? [["none", ""]] : countRows(refusals)),
  ].join("");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Simulated sale · Frontrow</title><style>${style}</style></head><body><main><h1>Simulated sale</h1><p>${escapeHtml(report.startedAt)} · ${escapeHtml(report.url)} · ${escapeHtml(report.concertId)}</p>${verdictOf(report)}<p>Longest pause: ${escapeHtml(pauseText(report.longestPause))}</p><ul>${faults}</ul><div class="grid">${plots(series, waits)}</div><div class="grid">${tables}</div></main></body></html>\n`;
};
