import type { ComponentChildren } from "preact";
import { second, serverNowMs } from "../shared/clock.ts";
import { formatClock } from "../shared/language.ts";
import { takeFocus } from "./route.ts";
import { words } from "./words/index.ts";

/** Whole seconds from now to a moment of the server's clock, rounded up; never below zero. */
export const secondsTo = (ms: number): number => {
  void second.value; // What is drawn with this is drawn anew each second.
  return Math.max(0, Math.ceil((ms - serverNowMs()) / 1_000));
};

/** A clock that runs down. Silent for screen readers, unless asked. */
export const Countdown = ({ toMs }: { toMs: number }) => {
  const left = secondsTo(toMs);
  const days = Math.floor(left / 86_400);
  return (
    <span role="timer" class="num">
      {days > 0 && <small>{words().days(String(days))} </small>}
      {formatClock(left % 86_400)}
    </span>
  );
};

/** The heading of what is shown now; it gets the focus when that changes. */
export const Title = ({ children }: { children: ComponentChildren }) => (
  <h1 tabIndex={-1} ref={takeFocus}>
    {children}
  </h1>
);

/** The page's title in the browser, from now on. */
export const setTitle = (title: string): void => {
  document.title = title === "" ? "Frontrow" : `${title} · Frontrow`;
};

/** What stands where something could not be shown. */
export const Trouble = ({ text, onRetry }: { text: string; onRetry: () => void }) => (
  <div class="note bad row apart" role="alert">
    {text}
    <button class="button quiet" type="button" onClick={onRetry}>
      {words().retry}
    </button>
  </div>
);
