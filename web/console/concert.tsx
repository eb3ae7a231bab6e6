import { readConcertOnSale, readStats } from "../../sdk/generated/operator.ts";
import { second } from "../shared/clock.ts";
import { Audit } from "./audit.tsx";
import { Charts } from "./charts.tsx";
import { Figures } from "./figures.tsx";
import { Health } from "./health.tsx";
import { Back, formatDates, StateChip } from "./components.tsx";
import { PlaceHistoryPanel } from "./place-history.tsx";
import { usePolled } from "./polling.ts";
import { SeatHolders } from "./seat-holders.tsx";
import { callOperator } from "./session.ts";
import { Controls } from "./controls.tsx";
import { texts } from "./texts.ts";

const once = { retry: { triesMax: 1 } };

/** Codes of an address that names no sale; asking again does not help. */
const isUnknown: ReadonlySet<string> = new Set(["CONCERT_NOT_FOUND", "INVALID_REQUEST"]);

/** Age of the figures. */
const Age = ({ atMs }: { atMs: number }) => {
  void second.value; // Renders again each second.
  const seconds = Math.max(0, Math.round((Date.now() - atMs) / 1_000));
  return <span class={`num small ${seconds > 5 ? "error" : "soft"}`}>{texts().age(seconds)}</span>;
};

/** One sale: its figures and its controls. */
export const Concert = ({ concertId }: { concertId: string }) => {
  const t = texts();
  const concert = usePolled(
    async () => {
      const result = await callOperator(readConcertOnSale, { concertId }, once);
      if (result.ok) return result.value;
      return isUnknown.has(result.code) ? "unknown" : null;
    },
    2_000,
    [concertId],
  );
  const stats = usePolled(
    async () => {
      const result = await callOperator(readStats, { concertId }, once);
      return result.ok ? result.value : null;
    },
    1_000,
    [concertId],
  );
  const { value: found } = concert;
  if (found === "unknown") {
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
      {(concert.hasFailed || stats.hasFailed) && (
        <p class="note bad" role="alert">
          {t.away}
        </p>
      )}
      {found !== null && (
        <>
          <div class="row apart">
            <div>
              <h1>{found.title}</h1>
              <p class="soft">
                {found.venue !== null && `${found.venue} · `}
                {formatDates(found.dates)} · <a href={`/concerts/${concertId}`}>{t.fanPage}</a>
              </p>
            </div>
            <div class="row">
              <Age atMs={stats.atMs} />
              <StateChip state={stats.value?.state ?? found.queue.state} />
            </div>
          </div>
          {stats.value !== null && <Figures stats={stats.value} concert={found} />}
          <div class="columns">
            <div class="stack">
              <Controls key={concertId} concert={found} onChange={concert.refresh} />
              <SeatHolders concert={found} />
            </div>
            <div class="stack">
              <Charts concertId={concertId} />
              <Health />
              <PlaceHistoryPanel concertId={concertId} />
              <Audit concertId={concertId} currency={found.currency} />
            </div>
          </div>
        </>
      )}
    </div>
  );
};
