import { Unavailable } from "#kernel/unavailable.ts";
import { deadlines } from "../deadlines.ts";
import type { Log } from "../log.ts";
import type { Answer } from "./route.ts";
import { endUnread } from "./streams.ts";

export interface Deadline {
  /** Time for a handler to answer, counted from its call. */
  readonly answerWithinMs: number;
  /** Called once for each request whose time ran out. */
  readonly onLate: () => void;
  readonly log: Log;
}

/** Calls `send` or `fail` with the result of an answer, exactly once. */
export type InTime = (
  answer: Promise<Answer>,
  send: (answer: Answer) => void,
  fail: (error: unknown) => void,
) => void;

/**
 * Bounds the time of a handler: it sends the handler's answer, or fails with Unavailable after
 * `answerWithinMs`. Each store that a handler asks has its own timeout, and the client must not wait
 * for their sum. A later answer is dropped; a request with an Idempotency-Key can be retried.
 */
export const inTime = ({ answerWithinMs, onLate, log }: Deadline): InTime => {
  const waits = deadlines<(error: unknown) => void>({
    afterMs: answerWithinMs,
    nowMs: () => performance.now(),
    onLate: (fail) => {
      onLate();
      fail(new Unavailable("the handler did not answer in time"));
    },
  });
  return (answer, send, fail) => {
    const wait = waits.add(fail);
    answer.then(
      (found) => {
        if (waits.done(wait)) send(found);
        else if ("stream" in found && found.stream !== undefined) endUnread(found.stream);
      },
      (error: unknown) => {
        if (waits.done(wait)) fail(error);
        else log.debug({ err: error }, "a handler failed after its deadline");
      },
    );
  };
};
