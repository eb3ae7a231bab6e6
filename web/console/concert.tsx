import { readConcertOnSale, readStats } from "../../sdk/generated/operator.ts";
import { second } from "../shared/clock.ts";
import { Audit } from "./audit.tsx";
import { Charts } from "./charts.tsx";
import { Figures } from "./figures.tsx";
import { Health } from "./health.tsx";
import { Back, shownDates, StateChip } from "./parts.tsx";
import { Place } from "./place.tsx";
import { usePolled } from "./polled.ts";
import { SeatHolders } from "./seats.tsx";
import { ask } from "./session.ts";
import { Steer } from "./steer.tsx";
import { words } from "./words.ts";

const once = { patience: { triesMax: 1 } };

/** An address that leads to no sale: asking again brings none. */
const isUnknown: ReadonlySet<string> = new Set(["CONCERT_NOT_FOUND", "INVALID_REQUEST"]);

/** How old what is shown is. */
const Age = ({ atMs }: { atMs: number }) => {
  void second.value; // Drawn anew each second.
  const seconds = Math.max(0, Math.round((Date.now() - atMs) / 1_000));
  return <span class={`num small ${seconds > 5 ? "fault" : "soft"}`}>{words().age(seconds)}</span>;
};

/** One sale: what goes on, and what can be done about it. */
export const Concert = ({ concertId }: { concertId: string }) => {
  const w = words();
  const concert = usePolled(
    async () => {
      const result = await ask(readConcertOnSale, { concertId }, once);
      if (result.ok) return result.value;
      return isUnknown.has(result.code) ? "unknown" : null;
    },
    2_000,
    [concertId],
  );
  const stats = usePolled(
    async () => {
      const result = await ask(readStats, { concertId }, once);
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
        <h1>{w.codes.CONCERT_NOT_FOUND}</h1>
      </div>
    );
  }
  return (
    <div class="stack">
      <Back />
      {(concert.isAway || stats.isAway) && (
        <p class="note bad" role="alert">
          {w.away}
        </p>
      )}
      {found !== null && (
        <>
          <div class="row apart">
            <div>
              <h1>{found.title}</h1>
              <p class="soft">
                {found.venue !== null && `${found.venue} · `}
                {shownDates(found.dates)} · <a href={`/concerts/${concertId}`}>{w.fanPage}</a>
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
              <Steer key={concertId} concert={found} onChange={concert.refresh} />
              <SeatHolders concert={found} />
            </div>
            <div class="stack">
              <Charts concertId={concertId} />
              <Health />
              <Place concertId={concertId} />
              <Audit concertId={concertId} currency={found.currency} />
            </div>
          </div>
        </>
      )}
    </div>
  );
};
