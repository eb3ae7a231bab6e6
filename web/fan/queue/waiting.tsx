import type { Concert, QueueStatus } from "../../../sdk/generated/index.ts";
import { second } from "../../shared/clock.ts";
import { browserStorage } from "../../shared/storage.ts";
import { formatNumber } from "../../shared/language.ts";
import { loadOutside } from "../files.ts";
import { lazy } from "../lazy.tsx";
import { Countdown } from "../components.tsx";
import { focusHeading } from "../route.ts";
import { texts } from "../texts/index.ts";
import type { Place } from "./place-store.ts";
import { progressOf, type WaitingState } from "./view.ts";

/** Loaded while the fan waits; the first rendering does not need it. */
export const Guide = lazy(loadOutside, (part) => part.Guide, true);

/** Loaded with the guide. */
export const Prospects = lazy(loadOutside, (part) => part.Prospects, true);

const noteOf = (waitingState: WaitingState): string | null =>
  waitingState === "waiting" || waitingState === "listed" ? null : texts()[`${waitingState}Text`];

const Footer = ({ place }: { place: Place }) => {
  const t = texts();
  const age = Math.floor(second.value - place.updatedAtMs.value / 1_000);
  const free = place.queue.value?.seatsAvailable ?? 0;
  return (
    <p class="row apart soft small num">
      <span>{age < 2 ? t.justNow : t.updated(formatNumber(age))}</span>
      {/* The status is newer than the public count, which may still say that seats are free. */}
      <span>
        {free > 0 &&
          place.status.value?.queueState !== "ALL_HELD" &&
          t.seatsLeft(formatNumber(free))}
      </span>
    </p>
  );
};

const Position = ({ place, status }: { place: Place; status: QueueStatus }) => {
  const t = texts();
  const { position, ahead } = status;
  const progress = progressOf(ahead, place.initialAhead.value) ?? 0;
  return (
    <>
      <p class="huge">{formatNumber(position ?? 0)}</p>
      <p class="lead num">
        {ahead === 0 ? t.first : ahead !== null && t.ahead(formatNumber(ahead))}
      </p>
      <progress class="progress" max={1} value={progress} aria-label={t.progress} />
    </>
  );
};

const UntilDraw = ({ at }: { at: string }) => (
  <>
    <p class="soft">{texts().untilDraw}</p>
    <p class="huge">
      <Countdown untilMs={Date.parse(at)} />
    </p>
  </>
);

const Alarm = () => {
  const set = (event: { currentTarget: HTMLInputElement }): void => {
    const { checked } = event.currentTarget;
    browserStorage.write("alarm", checked);
    if (checked) void import("../while-waiting.ts").then(({ enableAlarm }) => enableAlarm());
  };
  const isOn = browserStorage.read("alarm") === true;
  return (
    <label class="row check">
      <input type="checkbox" defaultChecked={isOn} onChange={set} />
      {texts().alarm}
    </label>
  );
};

/** The fan waits: the position, the estimate and what comes next. */
export const Waiting = (props: {
  place: Place;
  concert: Concert;
  status: QueueStatus;
  waitingState: WaitingState;
}) => {
  const t = texts();
  const { place, status, waitingState, concert } = props;
  const { value: queue } = place.queue;
  const admitsAt = queue?.admitsAt ?? concert.queue.admitsAt;
  const text = noteOf(waitingState);
  const isMoving = waitingState === "waiting" || waitingState === "near";
  return (
    <>
      <section class={`card stack is-${waitingState}`}>
        <h2 class="state" tabIndex={-1} ref={focusHeading}>
          <i aria-hidden="true" />
          {t[waitingState]}
        </h2>
        {waitingState === "lobby"
          ? admitsAt !== null && <UntilDraw at={admitsAt} />
          : status.position !== null && <Position place={place} status={status} />}
        {text !== null && <p class="note spot">{text}</p>}
        {waitingState !== "held" && (
          <div class={isMoving ? "two" : ""}>
            <Prospects status={status} isMoving={isMoving} />
          </div>
        )}
        <Footer place={place} />
        <div class="row apart">
          <Alarm />
          <button class="text-button" type="button" onClick={() => (place.isLeaving.value = true)}>
            {t.leave}
          </button>
        </div>
      </section>
      <Guide queue={queue} isWaiting />
    </>
  );
};
