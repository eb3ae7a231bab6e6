import type { Concert, QueueStatus } from "../../../sdk/generated/index.ts";
import { second } from "../../shared/clock.ts";
import { browserKeep } from "../../shared/keep.ts";
import { formatNumber } from "../../shared/language.ts";
import { signal } from "../../shared/signals.ts";
import { later } from "../later.tsx";
import { Countdown } from "../parts.tsx";
import { moveOn } from "../route.ts";
import { words } from "../words/index.ts";
import { setWay } from "./place-state.ts";
import type { Place } from "./place.ts";
import { progressOf, type PlaceStatus } from "./view.ts";

const LeaveAsk = later(() => import("../door/leave.tsx").then((part) => part.Leave));
const DrawDetails = later(() =>
  import("../door/draw-details.tsx").then((part) => part.DrawDetails),
);

const textOf = (placeStatus: PlaceStatus): string | null =>
  placeStatus === "waiting" ? null : words()[`${placeStatus}Text`];

const Estimate = ({ status }: { status: QueueStatus }) => {
  const w = words();
  const { estimatedWaitRange: range, estimatedWaitSeconds: seconds } = status;
  if (seconds === null) return <p class="soft two">{w.unknown}</p>;
  const about = w.about(seconds);
  const isWide = range !== null && seconds >= 50 && w.about(range.p90) !== about;
  return (
    <p class="two">
      <b>{about}</b>
      {isWide && <span class="soft"> · {w.most(range.p90)}</span>}
    </p>
  );
};

const Footer = ({ place }: { place: Place }) => {
  const w = words();
  const age = Math.floor(second.value - place.updatedAtMs.value / 1_000);
  const free = place.queue.value?.seatsAvailable ?? 0;
  return (
    <p class="row apart soft small num">
      <span>{age < 2 ? w.justNow : w.updated(formatNumber(age))}</span>
      {/* One's own status is newer: while all seats are held, an older count says that some are free. */}
      <span>
        {free > 0 &&
          place.status.value?.queueState !== "ALL_HELD" &&
          w.seatsLeft(formatNumber(free))}
      </span>
    </p>
  );
};

const Position = ({ place, status }: { place: Place; status: QueueStatus }) => {
  const w = words();
  const { position, ahead } = status;
  const way = progressOf(ahead, place.aheadFirst.value) ?? 0;
  return (
    <>
      <p class="huge">{formatNumber(position ?? 0)}</p>
      <p class="lead num">
        {ahead === 0 ? w.first : ahead !== null && w.ahead(formatNumber(ahead))}
      </p>
      <progress class="way" max={1} value={way} aria-label={w.progress} />
    </>
  );
};

const UntilDraw = ({ at }: { at: string }) => (
  <>
    <p class="soft">{words().untilDraw}</p>
    <p class="huge">
      <Countdown toMs={Date.parse(at)} />
    </p>
  </>
);

const isLeaving = signal(false);

const Leave = ({ place }: { place: Place }) => (
  <>
    <button class="text-button" type="button" onClick={() => (isLeaving.value = true)}>
      {words().leave}
    </button>
    {isLeaving.value && <LeaveAsk place={place} onDone={() => (isLeaving.value = false)} />}
  </>
);

const Alarm = () => {
  const set = (event: { currentTarget: HTMLInputElement }): void => {
    const { checked } = event.currentTarget;
    browserKeep.write("alarm", checked);
    if (checked) void import("./alarm.ts").then(({ arm }) => arm());
  };
  const isOn = browserKeep.read("alarm") === true;
  return (
    <label class="row check">
      <input type="checkbox" defaultChecked={isOn} onChange={set} />
      {words().alarm}
    </label>
  );
};

/** Somebody in the queue: where, for how long, and why. */
export const Waiting = (props: {
  place: Place;
  concert: Concert;
  status: QueueStatus;
  placeStatus: PlaceStatus;
}) => {
  const w = words();
  const { place, status, placeStatus, concert } = props;
  const { value: queue } = place.queue;
  const admitsAt = queue?.admitsAt ?? concert.queue.admitsAt;
  const text = textOf(placeStatus);
  return (
    <>
      <section class={`card stack is-${placeStatus}`}>
        <h2 class="state">
          <i aria-hidden="true" />
          {w[placeStatus]}
        </h2>
        {placeStatus === "lobby"
          ? admitsAt !== null && <UntilDraw at={admitsAt} />
          : status.position !== null && <Position place={place} status={status} />}
        {text !== null && <p class="note spot">{text}</p>}
        {(placeStatus === "waiting" || placeStatus === "near") && <Estimate status={status} />}
        <Footer place={place} />
        <div class="row apart">
          <Alarm />
          <Leave place={place} />
        </div>
      </section>
      <section class="stack last">
        <h2>{w.next}</h2>
        <ol class="steps">
          {w.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <p class="soft">{w.same}</p>
        <details>
          <summary>{w.why}</summary>
          <p>{w.whyText}</p>
        </details>
        {queue?.mode === "lottery" && <DrawDetails queue={queue} />}
      </section>
    </>
  );
};

/** His turn: to be taken up before it lapses. */
export const Turn = ({ place, status }: { place: Place; status: QueueStatus }) => {
  const w = words();
  const goIn = (): void => {
    moveOn();
    setWay(place, { entered: true });
  };
  return (
    <section class="card stack is-turn">
      <h2>{w.turn}</h2>
      <p>{w.turnText}</p>
      <p>
        {w.claim}
        <span class="huge">
          {status.expiresAt !== null && <Countdown toMs={Date.parse(status.expiresAt)} />}
        </span>
      </p>
      <button class="button wide" type="button" onClick={goIn}>
        {w.enter}
      </button>
      <Leave place={place} />
    </section>
  );
};
