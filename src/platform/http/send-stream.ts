import { Socket } from "node:net";
import type { FastifyReply } from "fastify";
import type { Log } from "../log.ts";
import { countedName } from "./gate.ts";
import { sendProblem } from "./refusal.ts";
import type { Success } from "./route.ts";
import type { StreamSlots } from "./stream-slots.ts";
import { endUnread, type Streams } from "./streams.ts";
import type { Traffic } from "./traffic.ts";

export interface StreamDeps {
  readonly log: Log;
  readonly traffic: Traffic;
  readonly streams: Streams;
  readonly slots: StreamSlots;
  /** Called once for each stream that the server refuses. */
  readonly onShed: () => void;
}

const eventType = "text/event-stream";

const streamTrouble =
  (log: Log, requestId: string) =>
  (error: unknown): void =>
    log.warn({ err: error, requestId }, "a stream failed");

/** Returns whether the stream has a slot; sends the refusal when it has none. */
const takeSlot = (reply: FastifyReply, deps: StreamDeps): boolean => {
  const isAnonymous = reply.request.caller.kind === "nobody";
  const taken = deps.slots.take(reply.raw, isAnonymous ? countedName(reply.request) : null);
  if (taken === "taken") return true;
  deps.onShed();
  const isAddress = taken === "address-full";
  const detail = isAddress
    ? "Too many streams of this address are open."
    : "Too many streams are open.";
  sendProblem(reply, { problem: isAddress ? "RATE_LIMITED" : "UNAVAILABLE", detail }, 5);
  return false;
};

/** Sends the headers of a streamed success, and then its chunks for as long as the stream lasts. */
export const sendStream = (
  reply: FastifyReply,
  { status }: Success,
  stream: NonNullable<Success["stream"]>,
  deps: StreamDeps,
): void => {
  const isHead = reply.request.method === "HEAD";
  if (!isHead && !takeSlot(reply, deps)) return endUnread(stream);
  const response = reply.raw;
  if (!reply.hasHeader("content-type")) reply.header("content-type", eventType);
  const kind = reply.getHeader("content-type") === eventType ? "events" : "file";
  if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  // Without this nginx buffers events until its buffer is full.
  reply.header("x-accel-buffering", "no");
  reply.hijack();
  response.writeHead(status, reply.getHeaders() as Record<string, string>);
  if (isHead) {
    response.end();
    return endUnread(stream);
  }
  response.flushHeaders();
  // A stream may be silent for longer than the idle timeout; the feature sends the heartbeat.
  if (response.socket instanceof Socket) response.socket.setTimeout(0);
  // A stream may last for hours, so it holds the request's id, not Fastify's request and reply.
  void deps.streams.pump(kind, stream, response, streamTrouble(deps.log, reply.request.id));
};
