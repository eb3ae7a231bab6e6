import type { ConcertOnSale, Stats } from "../../sdk/generated/schemas.ts";
import { formatMoney, formatNumber } from "../shared/language.ts";
import { duration } from "./parts.tsx";
import { words } from "./words.ts";

const shown = (value: number | null): string =>
  value === null ? words().unknown : formatNumber(value);

const percent = (part: number, whole: number): string =>
  whole === 0 ? "0" : formatNumber(Math.round((1_000 * part) / whole) / 10);

interface Figure {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

const people = (stats: Stats, { policy }: ConcertOnSale): readonly Figure[] => {
  const w = words();
  const { waitSeconds: waits, abandoned, joinedTotal } = stats;
  const { left, lapsed } = abandoned;
  const share = percent(left + lapsed, joinedTotal);
  return [
    {
      name: w.waiting,
      value: shown(stats.waiting),
      note: w.joinedTotal(formatNumber(joinedTotal)),
    },
    { name: w.active, value: shown(stats.active), note: w.ofCap(formatNumber(policy.maxActive)) },
    {
      name: w.admitted,
      value: shown(stats.admittedLastMinute),
      note: w.ofRate(formatNumber(stats.admissionsPerMinute), formatNumber(stats.admittedTotal)),
    },
    {
      name: w.waited,
      value: duration(waits?.p50 ?? null),
      note: w.waitedMore(duration(waits?.p90 ?? null), duration(waits?.p99 ?? null)),
    },
    {
      name: `${w.abandoned} (${share} %)`,
      value: formatNumber(left + lapsed),
      note: w.abandonedMore(formatNumber(left), formatNumber(lapsed), shown(stats.aside)),
    },
  ];
};

const seats = (stats: Stats): readonly Figure[] => {
  const w = words();
  const { seatsSold, seatsTotal, seatsHeld, seatsAvailable } = stats;
  return [
    {
      name: w.held,
      value: formatNumber(seatsHeld),
      note: w.free(formatNumber(seatsAvailable)),
    },
    {
      name: w.sold,
      value: formatNumber(seatsSold),
      note: w.ofTotal(formatNumber(seatsTotal), percent(seatsSold, seatsTotal)),
    },
    { name: w.revenue, value: formatMoney(stats.revenue, stats.currency), note: stats.currency },
  ];
};

/** The figures of the moment, each in a box that keeps its size. */
export const Figures = ({ stats, concert }: { stats: Stats; concert: ConcertOnSale }) => (
  <section aria-label={words().figures}>
    <h2 class="hidden">{words().figures}</h2>
    <dl class="figures">
      {[...people(stats, concert), ...seats(stats)].map(({ name, value, note }) => (
        <div key={name.replace(/ \(.*/, "")} class="card">
          <dt class="small soft">{name}</dt>
          <dd class="num big">{value}</dd>
          <dd class="num small soft">{note}</dd>
        </div>
      ))}
    </dl>
  </section>
);
