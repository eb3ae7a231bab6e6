import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { readStatsHistory } from "../../sdk/generated/operator.ts";
import type { StatsHistory } from "../../sdk/generated/schemas.ts";
import { formatMoment } from "../shared/format.ts";
import { formatNumber, language } from "../shared/language.ts";
import { signal } from "../shared/signals.ts";
import { Away, Panel } from "./components.tsx";
import { momentIn } from "./moments.ts";
import { usePolled } from "./polling.ts";
import { callOperator } from "./session.ts";
import { texts } from "./texts.ts";

const height = 132;
const scheme = matchMedia("(prefers-color-scheme: dark)");

/** Index of the point under the pointer, in all charts at once; null: the newest point is shown. */
const pointed = signal<number | null>(null);

const inkOf = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

type Column = readonly (number | null)[];

interface ChartProps {
  readonly title: string;
  readonly times: readonly number[];
  readonly values: Column;
  readonly timeZone: string;
}

const isoOf = (atSeconds: number): string => new Date(atSeconds * 1_000).toISOString();

/** The axis has the time of the sale. */
const tickTexts = (ticks: readonly number[], timeZone: string): string[] => {
  const areFine = ticks.some((tick) => tick % 60 !== 0);
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const shown = areFine ? ({ ...options, second: "2-digit" } as const) : options;
  return ticks.map((tick) => formatMoment(isoOf(tick), timeZone, shown));
};

const optionsFor = (width: number, timeZone: string): uPlot.Options => {
  const axis = {
    stroke: inkOf("--soft"),
    grid: { stroke: inkOf("--border"), width: 1 },
    ticks: { show: false },
    font: `12px ${inkOf("--font")}`,
  };
  return {
    width,
    height,
    padding: [8, 28, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: "sale" } },
    legend: { show: false },
    scales: {
      // At least one minute: from a single point uPlot would draw a day.
      x: {
        range: ({ data: [times] }) => {
          const last = times.at(-1) ?? 0;
          return [Math.min(times.at(0) ?? 0, last - 60), last];
        },
      },
      y: { range: (_plot, _min, max) => [0, Math.max(4, (max ?? 0) * 1.1)] },
    },
    axes: [
      { ...axis, values: (_plot, ticks) => tickTexts(ticks, timeZone), space: 64, size: 26 },
      // Counts are whole numbers, so the axis has no fractions.
      {
        ...axis,
        size: 52,
        space: 28,
        incrs: [
          1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6,
        ],
        values: (_plot, ticks) => ticks.map(formatNumber),
      },
    ],
    series: [
      {},
      {
        stroke: inkOf("--chart-a"),
        fill: inkOf("--chart-fill"),
        width: 2,
        points: { show: false },
      },
    ],
    hooks: {
      setCursor: [
        (plot) => {
          pointed.value = plot.cursor.idx ?? null;
        },
      ],
    },
  };
};

const aligned = (times: readonly number[], values: Column) =>
  [times, values] as unknown as uPlot.AlignedData;

const Chart = ({ title, times, values, timeZone }: ChartProps) => {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [isDark, setDark] = useState(scheme.matches);
  useEffect(() => {
    const turn = (): void => setDark(scheme.matches);
    scheme.addEventListener("change", turn);
    return () => scheme.removeEventListener("change", turn);
  }, []);
  useEffect(() => {
    const node = place.current;
    if (node === null) return undefined;
    const made = new uPlot(optionsFor(node.clientWidth, timeZone), aligned(times, values), node);
    plot.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: node.clientWidth, height }));
    watch.observe(node);
    return () => {
      watch.disconnect();
      made.destroy();
    };
  }, [isDark, language.value, timeZone]);
  useEffect(() => plot.current?.setData(aligned(times, values)), [times, values]);
  const newest = values.findLast((value) => value !== null);
  const shown = pointed.value === null ? newest : values[pointed.value];
  return (
    <figure class="chart">
      <figcaption class="small">
        {title} <b class="num">{shown == null ? "–" : formatNumber(shown)}</b>
      </figcaption>
      <div ref={place} class="plot" aria-hidden="true" />
    </figure>
  );
};

const names = ["waiting", "active", "joined", "admitted", "sold", "held"] as const;
type Name = (typeof names)[number];

interface Columns {
  readonly times: readonly number[];
  readonly stepSeconds: number;
  readonly values: Readonly<Record<Name, Column>>;
}

const columnsOf = ({ items, stepSeconds, serverTime }: StatsHistory): Columns => {
  const now = Date.parse(serverTime);
  // The last step is not over. Its part of a rate would look like a fall.
  const aMinute = (count: number, at: string): number | null =>
    Date.parse(at) > now ? null : Math.round((count * 60) / stepSeconds);
  return {
    stepSeconds,
    times: items.map(({ at }) => Date.parse(at) / 1_000),
    values: {
      waiting: items.map((it) => it.waiting),
      active: items.map((it) => it.active),
      joined: items.map((it) => aMinute(it.joined, it.at)),
      admitted: items.map((it) => aMinute(it.admitted, it.at)),
      sold: items.map((it) => it.seatsSold),
      held: items.map((it) => it.seatsHeld),
    },
  };
};

const spans = [10, 60, 360, 1_440];

const Small = ({ columns, timeZone }: { columns: Columns; timeZone: string }) => {
  const t = texts();
  const { times, values, stepSeconds } = columns;
  const at = pointed.value === null ? undefined : times[pointed.value];
  return (
    <>
      <p class="small soft num">
        {at === undefined
          ? t.chartsStep(stepSeconds)
          : t.chartsAt(momentIn(timeZone, { timeStyle: "medium" })(isoOf(at)))}
      </p>
      <div class="charts">
        {names.map((name) => (
          <Chart key={name} title={t.chart[name]} {...{ times, timeZone }} values={values[name]} />
        ))}
      </div>
    </>
  );
};

/** History of the queue and the sale: one chart for each figure, each with its own scale. */
export const Charts = ({ concertId, timeZone }: { concertId: string; timeZone: string }) => {
  const t = texts();
  const [minutes, setMinutes] = useState(10);
  const { value, hasFailed } = usePolled(
    async () => {
      const asked = { concertId, minutes: String(minutes) };
      const result = await callOperator(readStatsHistory, asked, { retry: { triesMax: 1 } });
      return result.ok ? columnsOf(result.value) : null;
    },
    5_000,
    [concertId, minutes],
  );
  return (
    <Panel
      title={t.charts}
      aside={
        <label class="field span">
          <span class="small">{t.span}</span>
          <select
            value={String(minutes)}
            onChange={(event) => setMinutes(Number(event.currentTarget.value))}
          >
            {spans.map((span) => (
              <option key={span} value={String(span)}>
                {t.minutes(span)}
              </option>
            ))}
          </select>
        </label>
      }
    >
      {hasFailed && <Away />}
      {value !== null &&
        (value.times.length === 0 ? (
          <p class="note">{t.noChart}</p>
        ) : (
          <Small columns={value} timeZone={timeZone} />
        ))}
    </Panel>
  );
};
