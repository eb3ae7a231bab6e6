import type { EndedReason } from "#kernel/place.ts";
import { isEndedReason, placeOf } from "../../domain/place.ts";
import type {
  QueueCounters,
  LivePlaceStatus,
  QueueSnapshot,
  PlaceStatus,
} from "../../ports/queue-store.ts";
import { numberAt, textAt, type QueueCall, type Reply } from "./call-queue.ts";

/** Where the callers begin in a reply that starts with parts/queue-counters.lua. */
export const headLength = 14;

const figuresOf = (reply: Reply): QueueCounters => {
  const since = numberAt(reply, 8);
  const serving = numberAt(reply, 9);
  return {
    waiting: numberAt(reply, 2),
    active: numberAt(reply, 3),
    holding: numberAt(reply, 4),
    lastIssued: numberAt(reply, 5),
    admittedTotal: numberAt(reply, 6),
    admittedLastMinute: numberAt(reply, 7),
    firstAdmittedAtMs: since === 0 ? null : since,
    nowServing: serving === 0 ? 0 : placeOf(serving).seq,
    left: numberAt(reply, 10),
    lapsed: numberAt(reply, 11),
    recovering: numberAt(reply, 12) === 1,
    aside: numberAt(reply, 13),
  };
};

/** What a reply's head says: when and in which epoch the queue was read, and its figures. */
export const snapshotOf = ({ epoch, reply }: QueueCall): Omit<QueueSnapshot, "placeStatus"> => ({
  atMs: numberAt(reply, 1),
  epoch,
  figures: figuresOf(reply),
});

const reasonOf = (value: string): EndedReason | null => (isEndedReason(value) ? value : null);

/** The standing whose three fields begin at an index. */
export const placeStatusAt = (reply: Reply, index: number): PlaceStatus => {
  const kind = textAt(reply, index);
  if (kind === "waiting" || kind === "active") return liveStatusAt(reply, index);
  if (kind === "ended") return { kind, reason: reasonOf(textAt(reply, index + 2)) };
  if (kind === "unknown") return { kind };
  throw new Error(`unknown standing ${kind}`);
};

/** The same where the place is known to live. */
export const liveStatusAt = (reply: Reply, index: number): LivePlaceStatus => {
  const kind = textAt(reply, index);
  const place = placeOf(numberAt(reply, index + 1));
  const value = numberAt(reply, index + 2);
  return kind === "active"
    ? { kind, place, expiresAtMs: value }
    : { kind: "waiting", place, position: value };
};
