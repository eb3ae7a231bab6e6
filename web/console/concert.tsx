import { useState } from "preact/hooks";
import type { ConcertOnSale } from "../../sdk/generated/schemas.ts";
import { second } from "../shared/clock.ts";
import { Audit } from "./audit.tsx";
import { CancelConcert, RefundProgress } from "./cancel-concert.tsx";
import { Charts } from "./charts.tsx";
import { Figures } from "./figures.tsx";
import { Downloads } from "./find/downloads.tsx";
import { goodsTexts } from "./goods/goods-texts.ts";
import type { HallLayout } from "../shared/hall/layout.ts";
import { CorrectSale } from "./hall/correct-sale.tsx";
import { ShowDates } from "./hall/show-dates.tsx";
import { hasSections, useHall } from "./hall/use-hall.ts";
import { Health } from "./health.tsx";
import { Away, Back, Part, formatDates, StateChip } from "./components.tsx";
import { PlaceHistoryPanel } from "./place-history.tsx";
import { usePolled } from "./polling.ts";
import { SeatHolders } from "./seat-holders.tsx";
import { momentIn } from "./moments.ts";
import { may } from "./session.ts";
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
  readonly hall: HallLayout | null;
  readonly onDate: (date: string) => void;
  readonly onChange: () => void;
}

const Panels = ({ snapshot, hall, onDate, onChange }: PanelsProps) => {
  const { concert } = snapshot;
  const { concertId } = concert;
  return (
    <div class="columns">
      <div class="stack">
        {may("manage") && (
          <Part>
            <Controls key={concertId} concert={concert} onChange={onChange} />
          </Part>
        )}
        {may("administer") && concert.cancelledAt === null && (
          <Part>
            <CancelConcert key={concertId} concert={concert} onChange={onChange} />
          </Part>
        )}
        <Part>
          <SeatHolders snapshot={snapshot} hall={hall} onDate={onDate} onChange={onChange} />
        </Part>
      </div>
      <div class="stack">
        <Part>
          <Charts concertId={concertId} timeZone={concert.timeZone} />
        </Part>
        <Part>
          <Health />
        </Part>
        <Part>
          <PlaceHistoryPanel concertId={concertId} timeZone={concert.timeZone} />
        </Part>
        {may("export") && (
          <Part>
            <Downloads concertId={concertId} />
          </Part>
        )}
        {may("manage") && (
          <>
            <Part>
              <CorrectSale key={concertId} concert={concert} onChange={onChange} />
            </Part>
            <Part>
              <ShowDates key={concertId} concert={concert} onChange={onChange} />
            </Part>
          </>
        )}
        <Part>
          <Audit concert={concert} plan={hall?.plan ?? null} />
        </Part>
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
  const hall = useHall(concertId);
  const withSeats = hall !== null && !hasSections(hall);
  const { value, atMs, hasFailed, refresh } = usePolled(
    () => readSnapshot({ concertId, date, withSeats }),
    1_000,
    [concertId, date, withSeats],
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
      {hasFailed && <Away />}
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
              <Part>
                <Schedule concert={value.concert} />
              </Part>
            </div>
            <div class="row">
              <a class="button quiet" href={`/console/goods/${concertId}`} data-in>
                {goodsTexts().goods}
              </a>
              <Age atMs={atMs} />
              <StateChip state={value.stats.state} />
            </div>
          </div>
          <Part>
            <RefundProgress stats={value.stats} concert={value.concert} />
          </Part>
          <Part>
            <Figures stats={value.stats} concert={value.concert} />
          </Part>
          <Panels snapshot={value} hall={hall} onDate={setDate} onChange={refresh} />
        </>
      )}
    </div>
  );
};
