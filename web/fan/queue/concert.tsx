import { effect, signal, untracked } from "../../shared/signals.ts";
import { formatNumber } from "../../shared/language.ts";
import { ConcertFacts, StateChip } from "../concert-facts.tsx";
import { loadInside, loadOutside } from "../files.ts";
import { lazy } from "../lazy.tsx";
import { secondsUntil, setPageTitle, PageHeading } from "../components.tsx";
import { texts } from "../texts/index.ts";
import { announceView } from "./announcements.ts";
import { storedPlace } from "./place-store.ts";
import { openPlace, type Place } from "./place.ts";
import { isOutside, stateOf, viewOf, type View } from "./view.ts";
import { Turn, Waiting } from "./waiting.tsx";

const NotInQueue = lazy(loadOutside, (part) => part.NotInQueue);
const NotFound = lazy(loadOutside, (part) => part.NotFound);
const Purchase = lazy(loadInside, (part) => part.Purchase);

/** Says that the queue cannot be read, and when the page asks again. */
const Interrupted = ({ place }: { place: Place }) => {
  const t = texts();
  const { value: interruption } = place.interruption;
  if (interruption === null) return null;
  return (
    <div class="note bad num" role="status">
      <p class="row apart">
        <b>{interruption.failure.code === "NO_ANSWER" ? t.lost : t.busy}</b>
        <span aria-live="off">{t.again(formatNumber(secondsUntil(interruption.againAtMs)))}</span>
      </p>
      {storedPlace(place) !== null && t.keeps}
    </div>
  );
};

const PlaceView = ({ place, view }: { place: Place; view: View }) => {
  const { value: concert } = place.concert;
  const { value: status } = place.status;
  if (concert === null) return null;
  if (isOutside(view)) return <NotInQueue place={place} concert={concert} view={view} />;
  if (view.kind === "inside") return <Purchase place={place} concert={concert} />;
  if (view.kind === "loading" || status === null) return <p class="soft">{texts().loading}</p>;
  if (view.kind === "turn") return <Turn place={place} status={status} />;
  return <Waiting place={place} concert={concert} status={status} waitingState={view.kind} />;
};

/** The title of the browser's tab, which shows the position while the fan uses another tab. */
const titleOf = (place: Place, view: View): string => {
  const t = texts();
  const title = place.concert.value?.title ?? "";
  const position = place.status.value?.position ?? null;
  if (view.kind === "turn") return `${t.titleTurn} ${title}`;
  return position === null ? title : `${t.titleWaiting(formatNumber(position))} ${title}`;
};

const viewOfPlace = (place: Place): View =>
  viewOf({
    queue: place.queue.value,
    status: place.status.value,
    isLoading: storedPlace(place) !== null,
    hasEntered: place.hasEntered.value,
  });

/** The page of a concert. */
const PlacePage = ({ place }: { place: Place }) => {
  const view = viewOfPlace(place);
  setPageTitle(titleOf(place, view));
  const { value: concert } = place.concert;
  if (place.isNotFound.value) return <NotFound />;
  const isInside = view.kind === "inside";
  return (
    <div class={isInside ? "stack inside" : "concert-page"}>
      <header class="stack">
        <p class="row tagline">
          {concert !== null && (
            <>
              <StateChip
                state={stateOf(place.status.value, place.queue.value) ?? concert.queue.state}
              />
              <span class="soft">{concert.venue}</span>
            </>
          )}
        </p>
        <PageHeading>{concert?.title ?? texts().loading}</PageHeading>
      </header>
      <div class="stack">
        <Interrupted place={place} />
        {place.notice.value}
        <PlaceView place={place} view={view} />
      </div>
      {concert !== null && !isInside && <ConcertFacts concert={concert} />}
    </div>
  );
};

const inQueue: readonly string[] = ["waiting", "near", "turn"];

/** Announces changes of the view and preloads the next part. Returns what stops it. */
const observe = (place: Place): (() => void) => {
  const kind = signal<View["kind"]>("loading");
  const stops = [
    effect(() => {
      kind.value = viewOfPlace(place).kind;
    }),
    effect(() => {
      // Fans load the next part while they wait, and not all in the second of their turn.
      if (inQueue.includes(kind.value)) setTimeout(Purchase.preload, Math.random() * 4_000);
      untracked(() => announceView(kind.peek(), place));
    }),
    place.close,
  ];
  return () => stops.forEach((stop) => stop());
};

const openedPlace = signal<Place | null>(null);
let leave: () => void = () => undefined;

/** Opens a concert, or none, and closes the one before. */
export const openConcert = (concertId: string | null): void => {
  if (openedPlace.peek()?.concertId === concertId) return;
  leave();
  const place = concertId === null ? null : openPlace(concertId);
  leave = place === null ? () => undefined : observe(place);
  openedPlace.value = place;
};

/** The page of the open concert, from before the sale to after the payment. */
export const ConcertPage = () => openedPlace.value && <PlacePage place={openedPlace.value} />;
