import { Unavailable } from "#kernel/trouble.ts";
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

/**
 * What the handler answers, or Unavailable when it has not answered in time: several stores may each
 * take the time that they are given, and the client is not to wait for their sum. What the handler
 * comes to after that reaches nobody; a request with an Idempotency-Key can be asked again.
 */
export const inTime = (
  answer: Promise<Answer>,
  { answerWithinMs, onLate, log }: Deadline,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      onLate();
      reject(new Unavailable("the answer was not there in time"));
    }, answerWithinMs);
    answer.then(
      (found) => {
        clearTimeout(timer);
        if (isLate) endUnread(found);
        else resolve(found);
      },
      (error: unknown) => {
        clearTimeout(timer);
        if (isLate) log.debug({ err: error }, "a request failed after its time");
        else reject(error as Error);
      },
    );
  });
