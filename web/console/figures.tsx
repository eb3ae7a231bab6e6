import type { Stats } from "../../sdk/generated/schemas.ts";
import { formatMoney, formatNumber } from "../shared/language.ts";
import { duration } from "./parts.tsx";
import { words } from "./words.ts";

const shown = (value: number | null): string =>
  value === null ? words().unknown : formatNumber(value);

/** The figures of the moment, each in a box that keeps its size. */
export const Figures = ({ stats }: { stats: Stats }) => {
  const w = words();
  const { waitSeconds: waits, abandoned } = stats;
  const total = stats.joinedTotal;
  const figures: readonly [string, string, string][] = [
    [w.waiting, shown(stats.waiting), `${formatNumber(total)} ${w.joinedTotal}`],
    [w.active, shown(stats.active), ""],
    [
      w.admitted,
      shown(stats.admittedLastMinute),
      `${formatNumber(stats.admittedTotal)} ${w.admittedTotal}`,
    ],
    [w.held, formatNumber(stats.seatsHeld), `${formatNumber(stats.seatsAvailable)} ${w.free}`],
    [w.sold, formatNumber(stats.seatsSold), `${w.of} ${formatNumber(stats.seatsTotal)}`],
    [
      w.abandoned,
      formatNumber(abandoned.left + abandoned.lapsed),
      abandoned.share === null ? "" : `${(abandoned.share * 100).toFixed(1)} %`,
    ],
    [w.revenue, formatMoney(stats.revenue, stats.currency), ""],
  ];
  return (
    <section aria-label={w.figures} class="stack">
      <h2 class="hidden">{w.figures}</h2>
      <dl class="figures">
        {figures.map(([name, value, note]) => (
          <div key={name} class="card">
            <dt class="small soft">{name}</dt>
            <dd class="num big">{value}</dd>
            <dd class="num small soft">{note || "\u00A0"}</dd>
          </div>
        ))}
      </dl>
      <p class="small soft">
        {w.waits}:{" "}
        <b class="num">
          {[waits?.p50, waits?.p90, waits?.p99].map((it) => duration(it ?? null)).join(" / ")}
        </b>
      </p>
    </section>
  );
};
