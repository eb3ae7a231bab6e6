import { Unavailable } from "#kernel/trouble.ts";
import { deadlines } from "../deadlines.ts";
import type { Log } from "../log.ts";
import type { Answer } from "./route.ts";

export interface Deadline {
  /** For a handler to answer, from when it was called. */
  readonly answerWithinMs: number;
  /** Told of each request whose time ran out. */
  readonly onLate: () => void;
  readonly log: Log;
}

/** An event stream that nobody will read any more. */
const endUnread = (answer: Answer): void => {
  if ("stream" in answer) void answer.stream?.[Symbol.asyncIterator]().return?.();
};

/** Tells what an answer comes to: by one of the two, once. */
export type InTime = (
  answer: Promise<Answer>,
  tell: (answer: Answer) => void,
  fail: (error: unknown) => void,
) => void;

/**
 * Tells what the handler answers, or Unavailable when it has not answered in time: several stores may
 * each take the time that they are given, and the client is not to wait for their sum. What the handler
 * comes to after that reaches nobody; a request with an Idempotency-Key can be asked again.
 */
export const inTime = ({ answerWithinMs, onLate, log }: Deadline): InTime => {
  const waits = deadlines<(error: unknown) => void>({
    afterMs: answerWithinMs,
    nowMs: () => performance.now(),
    onLate: (fail) => {
      onLate();
      fail(new Unavailable("the answer was not there in time"));
    },
  });
  return (answer, tell, fail) => {
    const wait = waits.add(fail);
    answer.then(
      (found) => {
        if (waits.done(wait)) tell(found);
        else endUnread(found);
      },
      (error: unknown) => {
        if (waits.done(wait)) fail(error);
        else log.debug({ err: error }, "a request failed after its time");
      },
    );
  };
};
