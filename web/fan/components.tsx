import type { ComponentChildren } from "preact";
import type { Queue } from "../../sdk/generated/index.ts";
import { second, secondsLeft } from "../shared/clock.ts";
import { formatClock } from "../shared/language.ts";
import { focusHeading } from "./route.ts";
import { texts } from "./texts/index.ts";

/** Whole seconds until a moment of the server's clock. Renders again each second. */
export const secondsUntil = (ms: number): number => {
  void second.value;
  return secondsLeft(ms);
};

const liveStates: readonly string[] = ["OPEN", "LOBBY"];

export const StateChip = ({ state }: { state: Queue["state"] }) => (
  <span class={liveStates.includes(state) ? "chip live" : "chip"}>{texts().state[state]}</span>
);

/** A countdown. Screen readers read it on request only. */
export const Countdown = ({ untilMs }: { untilMs: number }) => {
  const left = secondsUntil(untilMs);
  const days = Math.floor(left / 86_400);
  return (
    <span role="timer" class="num">
      {days > 0 && <small>{texts().days(String(days))} </small>}
      {formatClock(left % 86_400)}
    </span>
  );
};

/** The heading of the page; it takes the focus after a navigation. */
export const PageHeading = ({ children }: { children: ComponentChildren }) => (
  <h1 tabIndex={-1} ref={focusHeading}>
    {children}
  </h1>
);

/** Sets the title of the browser's tab. */
export const setPageTitle = (title: string): void => {
  document.title = title === "" ? "Frontrow" : `${title} · Frontrow`;
};

/** Stands in place of content that did not load. */
export const LoadError = ({ text, onRetry }: { text: string; onRetry: () => void }) => (
  <div class="note bad row apart" role="alert">
    {text}
    <button class="button quiet" type="button" onClick={onRetry}>
      {texts().retry}
    </button>
  </div>
);
