import { useState } from "preact/hooks";
import type { ConcertOnSale } from "../../sdk/generated/schemas.ts";
import { second } from "../shared/clock.ts";
import { Audit } from "./audit.tsx";
import { Charts } from "./charts.tsx";
import { Figures } from "./figures.tsx";
import { Health } from "./health.tsx";
import { Back, formatDates, StateChip } from "./components.tsx";
import { PlaceHistoryPanel } from "./place-history.tsx";
import { usePolled } from "./polling.ts";
import { SeatHolders } from "./seat-holders.tsx";
import { momentIn } from "./moments.ts";
import { readSnapshot, type Snapshot } from "./snapshot.ts";
import { Controls } from "./controls.tsx";
import { texts } from "./texts.ts";

/** Age of the figures. */
const Age = ({ atMs }: { atMs: number }) => {
  void second.value; // Renders again each second.
  const seconds = Math.max(0, Math.round((Date.now() - atMs) / 1_000));
  return <span class={`num small ${seconds > 5 ? "error" : "soft"}`}>{texts().age(seconds)}</span>;
};

interface PanelsProps {
  readonly snapshot: Snapshot;
  readonly date: string | null;
  readonly onDate: (date: string) => void;
  readonly onChange: () => void;
}

const Panels = ({ snapshot, date, onDate, onChange }: PanelsProps) => {
  const { concert } = snapshot;
  const { concertId } = concert;
  return (
    <div class="columns">
      <div class="stack">
        <Controls key={concertId} concert={concert} onChange={onChange} />
        <SeatHolders snapshot={snapshot} date={date} onDate={onDate} onChange={onChange} />
      </div>
      <div class="stack">
        <Charts concertId={concertId} timeZone={concert.timeZone} />
        <Health />
        <PlaceHistoryPanel concertId={concertId} timeZone={concert.timeZone} />
        <Audit concert={concert} />
      </div>
    </div>
  );
};

/** The times of the sale, and that it is a draft. */
const Schedule = ({ concert }: { concert: ConcertOnSale }) => {
  const t = texts();
  const { timeZone, publishedAt, queue, policy } = concert;
  const moment = momentIn(timeZone, { dateStyle: "medium", timeStyle: "short" });
  const isDraft = Date.parse(publishedAt) > second.value * 1_000;
  return (
    <>
      <p class="small soft num">
        {t.schedule(moment(queue.opensAt))}
        {policy.admitsAt !== null && ` · ${t.drawAt(moment(policy.admitsAt))}`}
      </p>
      {isDraft && <p class="note spot">{t.draftUntil(moment(publishedAt))}</p>}
    </>
  );
};

/** One sale: its figures and its controls. */
export const Concert = ({ concertId }: { concertId: string }) => {
  const t = texts();
  const [date, setDate] = useState<string | null>(null);
  const { value, atMs, hasFailed, refresh } = usePolled(
    () => readSnapshot(concertId, date),
    1_000,
    [concertId, date],
  );
  if (value === "unknown") {
    return (
      <div class="stack">
        <Back />
        <h1>{t.codes.CONCERT_NOT_FOUND}</h1>
      </div>
    );
  }
  return (
    <div class="stack">
      <Back />
      {hasFailed && (
        <p class="note bad" role="alert">
          {t.away}
        </p>
      )}
      {value !== null && (
        <>
          <div class="row apart">
            <div>
              <h1>{value.concert.title}</h1>
              <p class="soft">
                {value.concert.venue !== null && `${value.concert.venue} · `}
                {formatDates(value.concert.dates)} ·{" "}
                <a href={`/concerts/${concertId}`}>{t.fanPage}</a>
              </p>
              <Schedule concert={value.concert} />
            </div>
            <div class="row">
              <Age atMs={atMs} />
              <StateChip state={value.stats.state} />
            </div>
          </div>
          <Figures stats={value.stats} concert={value.concert} />
          <Panels snapshot={value} date={date} onDate={setDate} onChange={refresh} />
        </>
      )}
    </div>
  );
};
