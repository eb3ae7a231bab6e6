import { effect, signal, untracked } from "../../shared/signals.ts";
import { formatNumber } from "../../shared/language.ts";
import { Facts, StateChip } from "../facts.tsx";
import { later } from "../later.tsx";
import { secondsTo, setTitle, Title } from "../parts.tsx";
import { words } from "../words/index.ts";
import { announce } from "./announce.ts";
import { keptPlace } from "./place-state.ts";
import { openPlace, type Place } from "./place.ts";
import { isOutside, stateOf, viewOf, type View } from "./view.ts";
import { Turn, Waiting } from "./waiting.tsx";

const Door = later(() => import("../door/door.tsx").then((part) => part.Door));
const Missing = later(() => import("../door/missing.tsx").then((part) => part.Missing));
const Shop = later(() => import("../shop/shop.tsx").then((part) => part.Shop));

/** The queue cannot be asked: what that means, and when it is tried again. */
const Interrupted = ({ place }: { place: Place }) => {
  const w = words();
  const { value: interruption } = place.interruption;
  if (interruption === null) return null;
  return (
    <div class="note bad num" role="status">
      <p class="row apart">
        <b>{interruption.failure.code === "NO_ANSWER" ? w.lost : w.busy}</b>
        <span aria-live="off">{w.again(formatNumber(secondsTo(interruption.againAtMs)))}</span>
      </p>
      {keptPlace(place) !== null && w.keeps}
    </div>
  );
};

const Body = ({ place, view }: { place: Place; view: View }) => {
  const { value: concert } = place.concert;
  const { value: status } = place.status;
  if (concert === null) return null;
  if (isOutside(view)) return <Door place={place} concert={concert} view={view} />;
  if (view.kind === "inside") return <Shop place={place} concert={concert} />;
  if (view.kind === "looking" || status === null) return <p class="soft">{words().loading}</p>;
  if (view.kind === "turn") return <Turn place={place} status={status} />;
  return <Waiting place={place} concert={concert} status={status} placeStatus={view.kind} />;
};

/** What the browser's title says, so that another tab can be used meanwhile. */
const titleOf = (place: Place, view: View): string => {
  const w = words();
  const title = place.concert.value?.title ?? "";
  const position = place.status.value?.position ?? null;
  if (view.kind === "turn") return `${w.titleTurn} ${title}`;
  return position === null ? title : `${w.titleWaiting(formatNumber(position))} ${title}`;
};

const seen = (place: Place): View =>
  viewOf({
    queue: place.queue.value,
    status: place.status.value,
    isLooking: keptPlace(place) !== null,
    hasEntered: place.hasEntered.value,
  });

/** Shows a concert. */
const Shown = ({ place }: { place: Place }) => {
  const view = seen(place);
  setTitle(titleOf(place, view));
  const { value: concert } = place.concert;
  if (place.isMissing.value) return <Missing />;
  const isInside = view.kind === "inside";
  return (
    <div class={isInside ? "stack inside" : "concert-page"}>
      <header class="stack">
        <p class="row line-high">
          {concert !== null && (
            <>
              <StateChip
                state={stateOf(place.status.value, place.queue.value) ?? concert.queue.state}
              />
              <span class="soft">{concert.venue}</span>
            </>
          )}
        </p>
        <Title>{concert?.title ?? words().loading}</Title>
      </header>
      <div class="stack">
        <Interrupted place={place} />
        {place.notice.value}
        <Body place={place} view={view} />
      </div>
      {concert !== null && !isInside && <Facts concert={concert} />}
    </div>
  );
};

const inQueue: readonly string[] = ["waiting", "near", "turn"];

/** Follows what the page of a place shows; the answer ends that. */
const follow = (place: Place): (() => void) => {
  const kind = signal<View["kind"]>("looking");
  const stops = [
    effect(() => {
      kind.value = seen(place).kind;
    }),
    effect(() => {
      // What comes next is loaded while one waits, not by everybody in the second of his turn.
      if (inQueue.includes(kind.value)) setTimeout(Shop.prepare, Math.random() * 4_000);
      untracked(() => announce(kind.peek(), place));
    }),
    place.close,
  ];
  return () => stops.forEach((stop) => stop());
};

const opened = signal<Place | null>(null);
let leave: () => void = () => undefined;

/** Opens a concert, or none, and closes the one before. */
export const openConcert = (concertId: string | null): void => {
  if (opened.peek()?.concertId === concertId) return;
  leave();
  const place = concertId === null ? null : openPlace(concertId);
  leave = place === null ? () => undefined : follow(place);
  opened.value = place;
};

/** The concert that is open: what it is, and the way to its tickets, from before the sale to after the payment. */
export const ConcertPage = () => opened.value && <Shown place={opened.value} />;
