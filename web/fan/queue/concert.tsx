import { effect, signal, untracked } from "../../shared/signals.ts";
import { formatNumber } from "../../shared/language.ts";
import { Isolated } from "../../shared/isolated.tsx";
import { account, type Account } from "../account.ts";
import { loadInside, loadOutside } from "../files.ts";
import { lazy } from "../lazy.tsx";
import { announce } from "../live-region.tsx";
import { page } from "../route.ts";
import { PageHeading, secondsUntil, setPageTitle, StateChip } from "../components.tsx";
import { texts } from "../texts/index.ts";
import { announceView } from "./announcements.ts";
import { openConcertStore, type ConcertStore } from "./concert-store.ts";
import { openedPlace } from "./opened-place.ts";
import { hasEntered, storedPlace, type Place } from "./place-store.ts";
import { openPlace } from "./place.ts";
import { isOutside, outsideKinds, stateOf, viewOf, type View } from "./view.ts";
import { Guide, Prospects, Waiting } from "./waiting.tsx";

const NotInQueue = lazy(loadOutside, (part) => part.NotInQueue);
const ConcertFacts = lazy(loadOutside, (part) => part.ConcertFacts, true);
export const NotFound = lazy(loadOutside, (part) => part.NotFound);
const LeaveDialog = lazy(loadOutside, (part) => part.Leave);
const Purchase = lazy(loadInside, (part) => part.Purchase);
const Turn = lazy(loadInside, (part) => part.Turn);

/** Says that the queue cannot be read, and when the page asks again. */
const Interrupted = ({ place }: { place: Place }) => {
  const t = texts();
  const isAlone = place.status.value === null || place.concert.value === null;
  const interruption = place.interruption.value ?? (isAlone ? place.outage.value : null);
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
    hasEntered: hasEntered(place),
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
        {place.isLeaving.value && (
          <LeaveDialog place={place} onDone={() => (place.isLeaving.value = false)} />
        )}
      </div>
      {concert !== null && !isInside && (
        <Isolated fallback={<p class="note">{texts().broken}</p>}>
          <ConcertFacts concert={concert} />
        </Isolated>
      )}
    </div>
  );
};

const preload = (): void => {
  ConcertFacts.preload();
  Guide.preload();
  Prospects.preload();
  Turn.preload();
  Purchase.preload();
};

/** Announces changes of the view and preloads the next part, for as long as the place is open. */
const observe = (place: Place): void => {
  const kind = signal<View["kind"]>("loading");
  const stops = [
    effect(() => {
      kind.value = viewOfPlace(place).kind;
    }),
    effect(() => {
      if (outsideKinds.includes(kind.value)) ConcertFacts.preload();
      // Fans load the other parts while they wait, after 1 to 4 s, and not all in the second of their turn.
      else if (kind.value !== "loading") setTimeout(preload, 1_000 + Math.random() * 3_000);
      untracked(() => announceView(kind.peek()));
    }),
    effect(() => {
      const ahead = place.status.value?.ahead ?? 0;
      if (kind.value === "waiting" && ahead > 0)
        untracked(() => announce(texts().ahead(formatNumber(ahead)), "minor"));
    }),
    () => announce(""),
  ];
  place.signal.addEventListener("abort", () => stops.forEach((stop) => stop()));
};

let opened: ConcertStore | null = null;

/** Opens a concert for a user, or none, and closes the one before. Another user gets a place of their own. */
const openConcert = (concertId: string | null, owner: Account | null): void => {
  const before = openedPlace.peek();
  if (before?.concertId === concertId && before?.account === owner) return;
  before?.abort();
  if (opened?.concertId !== concertId) {
    opened?.close();
    opened = concertId === null ? null : openConcertStore(concertId);
  }
  const place = opened && openPlace(opened, owner);
  if (place !== null) observe(place);
  openedPlace.value = place;
};

/** Opens the concert that the address names, and again for each user who signs in. */
export const followAddress = (): void => {
  effect(() => {
    const { value: at } = page;
    const { value: owner } = account;
    untracked(() => openConcert(at.kind === "concert" ? at.concertId : null, owner));
  });
};

/** The page of the open concert, from before the sale to after the payment. */
export const ConcertPage = () => openedPlace.value && <PlacePage place={openedPlace.value} />;
