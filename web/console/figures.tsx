import type { ConcertOnSale, Stats } from "../../sdk/generated/schemas.ts";
import { formatMoney } from "../shared/format.ts";
import { formatNumber } from "../shared/language.ts";
import { duration } from "./components.tsx";
import { texts } from "./texts.ts";

const shown = (value: number | null): string =>
  value === null ? texts().unknown : formatNumber(value);

const percent = (part: number, whole: number): string =>
  whole === 0 ? "0" : formatNumber(Math.round((1_000 * part) / whole) / 10);

interface Figure {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

const people = (stats: Stats, { policy }: ConcertOnSale): readonly Figure[] => {
  const t = texts();
  const { waitSeconds: waits, abandoned, joinedTotal } = stats;
  const { left, lapsed } = abandoned;
  const share = percent(left + lapsed, joinedTotal);
  return [
    {
      name: stats.waitlisted === null ? t.waiting : t.waitingList,
      value: shown(stats.waiting),
      note: t.joinedTotal(formatNumber(joinedTotal)),
    },
    { name: t.active, value: shown(stats.active), note: t.ofCap(formatNumber(policy.maxActive)) },
    {
      name: t.admitted,
      value: shown(stats.admittedLastMinute),
      note: t.ofRate(formatNumber(stats.admissionsPerMinute), formatNumber(stats.admittedTotal)),
    },
    {
      name: t.waited,
      value: duration(waits?.p50 ?? null),
      note: t.waitedMore(duration(waits?.p90 ?? null), duration(waits?.p99 ?? null)),
    },
    {
      name: `${t.abandoned} (${share} %)`,
      value: formatNumber(left + lapsed),
      note: t.abandonedMore(formatNumber(left), formatNumber(lapsed), shown(stats.aside)),
    },
  ];
};

const seats = (stats: Stats): readonly Figure[] => {
  const t = texts();
  const { seatsSold, seatsTotal, seatsHeld, seatsAvailable } = stats;
  return [
    {
      name: t.held,
      value: formatNumber(seatsHeld),
      note: t.free(formatNumber(seatsAvailable)),
    },
    {
      name: t.sold,
      value: formatNumber(seatsSold),
      note: t.ofTotal(formatNumber(seatsTotal), percent(seatsSold, seatsTotal)),
    },
    { name: t.revenue, value: formatMoney(stats.revenue, stats.currency), note: stats.currency },
  ];
};

/** Live figures, each in a box of constant size. */
export const Figures = ({ stats, concert }: { stats: Stats; concert: ConcertOnSale }) => (
  <section aria-label={texts().figures}>
    <h2 class="visually-hidden">{texts().figures}</h2>
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
