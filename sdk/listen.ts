import { linkAbort } from "./abort.ts";
import type { Client } from "./client.ts";
import { readEvents } from "./events.ts";
import type { QueueStatus } from "./generated/index.ts";

/** The server sends at least every 10 s (a comment or an event), so a stream silent for longer is dead. */
const silenceMsMax = 45_000;

export interface ListenOptions {
  readonly concertId: string;
  readonly token: string;
  readonly signal: AbortSignal;
  /** The id of the last received event, to resume from; empty at first. */
  readonly lastId: string;
  readonly onStatus: (status: QueueStatus, id: string) => void;
}

/** Ends a connection that has been silent for longer than `silenceMsMax`. */
const watchdog = (outer: AbortSignal) => {
  const link = linkAbort([outer]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const reset = (): void => {
    clearTimeout(timer);
    timer = setTimeout(link.abort, silenceMsMax);
  };
  reset();
  return {
    signal: link.signal,
    reset,
    stop(): void {
      clearTimeout(timer);
      link.abort();
    },
  };
};

const accept = "text/event-stream";

const isStream = ({ ok, headers }: Response): boolean =>
  ok && headers.get("content-type")?.startsWith(accept) === true;

/**
 * Receives the pushed statuses of a place until the connection ends. False when no status arrived: the
 * server has no room for the stream, or something in between blocks streams. Never rejects.
 */
export const listen = async (client: Client, options: ListenOptions): Promise<boolean> => {
  const { concertId, token, lastId } = options;
  const silence = watchdog(options.signal);
  const headers = lastId === "" ? { accept } : { accept, "last-event-id": lastId };
  const path = `/api/v1/concerts/${concertId}/queue/tokens/me/events`;
  let hasStatus = false;
  try {
    const answer = await client.send("GET", path, {
      token,
      signal: silence.signal,
      timeoutMs: 0,
      headers,
    });
    if (answer === null || !isStream(answer)) return false;
    for await (const { event, text, id } of readEvents(answer, silence.reset)) {
      if (options.signal.aborted) break;
      // Newer streams of the same place replaced this one; a new stream would end one of them.
      if (event === "replaced") return false;
      if (event !== "status") continue;
      const status = JSON.parse(text) as QueueStatus;
      hasStatus = true;
      options.onStatus(status, id);
      if (status.status === "ENDED") break;
    }
  } catch {
    // The text is not an event of this API.
  } finally {
    silence.stop();
  }
  return hasStatus;
};
