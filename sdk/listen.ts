import type { Client } from "./client.ts";
import { readEvents } from "./events.ts";
import type { QueueStatus } from "./generated/index.ts";

/** A stream says something at least this often; one that does not is dead. */
const silenceMsMax = 45_000;

export interface ListenOptions {
  readonly concertId: string;
  readonly token: string;
  readonly signal: AbortSignal;
  /** The last event that was heard, to go on from; empty at first. */
  readonly lastId: string;
  readonly onStatus: (status: QueueStatus, id: string) => void;
}

/** Ends a connection on which nothing was heard for too long. */
const watchdog = () => {
  const ending = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const sign = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => ending.abort(), silenceMsMax);
  };
  sign();
  return {
    signal: ending.signal,
    sign,
    stop(): void {
      clearTimeout(timer);
      ending.abort();
    },
  };
};

const accept = "text/event-stream";

const isStream = ({ ok, headers }: Response): boolean =>
  ok && headers.get("content-type")?.startsWith(accept) === true;

/**
 * Is pushed the statuses of a place until the connection ends, however it does. False when the server
 * does not push now: it has no room, or something in between does not let streams through. Never rejects.
 */
export const listen = async (client: Client, options: ListenOptions): Promise<boolean> => {
  const { concertId, token, lastId } = options;
  const dog = watchdog();
  const signal = AbortSignal.any([options.signal, dog.signal]);
  const headers = lastId === "" ? { accept } : { accept, "last-event-id": lastId };
  const path = `/api/v1/concerts/${concertId}/queue/tokens/me/events`;
  let isHeard = false;
  try {
    const answer = await client.send("GET", path, { token, signal, timeoutMs: 0, headers });
    if (answer === null || !isStream(answer)) return false;
    for await (const { event, text, id } of readEvents(answer, dog.sign)) {
      if (options.signal.aborted) break;
      // Newer streams of the same place took this one's room: to open it again would end one of them.
      if (event === "replaced") return false;
      if (event !== "status") continue;
      const status = JSON.parse(text) as QueueStatus;
      isHeard = true;
      options.onStatus(status, id);
      if (status.status === "ENDED") break;
    }
  } catch {
    // Not what a stream of this API says.
  } finally {
    dog.stop();
  }
  return isHeard;
};
