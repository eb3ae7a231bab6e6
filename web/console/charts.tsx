import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { readStatsHistory } from "../../sdk/generated/operator.ts";
import type { StatsHistory } from "../../sdk/generated/schemas.ts";
import { formatNumber, language } from "../shared/language.ts";
import { Panel } from "./parts.tsx";
import { usePolled } from "./polled.ts";
import { ask } from "./session.ts";
import { words } from "./words.ts";

const height = 180;
/** A dash beside the colour, so that no line is told by its colour alone. */
const looks = [
  { ink: "--chart-a", dash: [] },
  { ink: "--chart-b", dash: [6, 4] },
];
const scheme = matchMedia("(prefers-color-scheme: dark)");

const inkOf = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

interface ChartProps {
  readonly title: string;
  readonly names: readonly string[];
  readonly points: uPlot.AlignedData;
}

const timeOf = (atSeconds: number): string =>
  new Date(atSeconds * 1_000).toLocaleTimeString("en-GB");

const optionsFor = ({ names }: ChartProps, width: number): uPlot.Options => {
  const axis = { stroke: inkOf("--soft"), grid: { stroke: inkOf("--line"), width: 1 } };
  return {
    width,
    height,
    padding: [8, 32, 0, 0],
    cursor: { y: false },
    legend: { show: false },
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(4, (max ?? 0) * 1.1)] } },
    axes: [
      { ...axis, values: (_plot, ticks) => ticks.map(timeOf), space: 72 },
      { ...axis, size: 56, values: (_plot, ticks) => ticks.map(formatNumber) },
    ],
    series: [
      {},
      ...names.map((label, n) => ({
        label,
        stroke: inkOf(looks[n]?.ink ?? "--ink"),
        dash: looks[n]?.dash ?? [],
        width: 2,
        points: { show: false },
      })),
    ],
  };
};

const Chart = (props: ChartProps) => {
  const { title, names, points } = props;
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
    const made = new uPlot(optionsFor(props, node.clientWidth), points, node);
    plot.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: node.clientWidth, height }));
    watch.observe(node);
    return () => {
      watch.disconnect();
      made.destroy();
    };
  }, [isDark, language.value]);
  useEffect(() => plot.current?.setData(points), [points]);
  const last = points.slice(1).map((column) => column.at(-1) ?? null);
  return (
    <figure class="stack tight">
      <figcaption class="row apart small">
        <b>{title}</b>
        <span class="row">
          {names.map((name, n) => (
            <span key={name} class={`key key-${n}`}>
              {name} <b class="num">{last[n] == null ? "–" : formatNumber(last[n])}</b>
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={place} class="plot" aria-hidden="true" />
    </figure>
  );
};

const columnsOf = (history: StatsHistory) => {
  const { items, stepSeconds } = history;
  const times = items.map(({ at }) => Date.parse(at) / 1_000);
  const aMinute = (count: number): number => Math.round((count * 60) / stepSeconds);
  return {
    line: [times, items.map((it) => it.waiting), items.map((it) => it.active)],
    flow: [times, items.map((it) => aMinute(it.joined)), items.map((it) => aMinute(it.admitted))],
    seats: [times, items.map((it) => it.seatsHeld), items.map((it) => it.seatsSold)],
  } as const;
};

const spans = [10, 60, 360, 1_440];

/** How the line and the sale went. */
export const Charts = ({ concertId }: { concertId: string }) => {
  const w = words();
  const [minutes, setMinutes] = useState(10);
  const { value } = usePolled(
    async () => {
      const asked = { concertId, minutes: String(minutes) };
      const result = await ask(readStatsHistory, asked, { patience: { triesMax: 1 } });
      return result.ok ? columnsOf(result.value) : null;
    },
    5_000,
    [concertId, minutes],
  );
  const at = (columns: readonly (readonly (number | null)[])[]) =>
    columns as unknown as uPlot.AlignedData;
  return (
    <Panel title={w.charts}>
      <label class="field narrow">
        <span class="small">{w.span}</span>
        <select
          value={String(minutes)}
          onChange={(event) => setMinutes(Number(event.currentTarget.value))}
        >
          {spans.map((span) => (
            <option key={span} value={String(span)}>
              {w.minutes(span)}
            </option>
          ))}
        </select>
      </label>
      {value !== null && (
        <>
          <Chart title={w.chartLine} names={[w.waiting, w.active]} points={at(value.line)} />
          <Chart title={w.chartFlow} names={[w.joined, w.entered]} points={at(value.flow)} />
          <Chart title={w.chartSeats} names={[w.held, w.sold]} points={at(value.seats)} />
        </>
      )}
    </Panel>
  );
};
