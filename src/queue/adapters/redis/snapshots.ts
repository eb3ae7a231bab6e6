import { isEndedReason, placeOf } from "../../admission/domain/place.ts";
import { isFinalState } from "../../admission/domain/queue-state.ts";
import type { LivePlaceStatus } from "../../admission/domain/place-status.ts";
import type {
  QueueCounters,
  QueueSnapshot,
  StoredPlaceStatus,
} from "../../admission/ports/queue-store.ts";
import { numberAt, textAt, type QueueCall, type Reply } from "./call-queue.ts";

/** The index of the first caller in a reply that starts with parts/queue-counters.lua. */
export const headLength = 22;

const countersOf = (reply: Reply): QueueCounters => {
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
    skipped: numberAt(reply, 13),
    turns: {
      buyers: numberAt(reply, 14),
      ended: numberAt(reply, 15),
      paid: numberAt(reply, 16),
      leftWaiting: numberAt(reply, 17),
      activeMs: numberAt(reply, 18),
      holdingMs: numberAt(reply, 19),
      waitingMs: numberAt(reply, 20),
    },
    waitingList: numberAt(reply, 21) === 1,
  };
};

/** The snapshot at the head of a reply. */
export const snapshotAt = ({ epoch, reply }: QueueCall): QueueSnapshot => ({
  atMs: numberAt(reply, 1),
  epoch,
  counters: countersOf(reply),
});

/** The status in the three fields from an index on. */
export const statusAt = (reply: Reply, index: number): StoredPlaceStatus => {
  const kind = textAt(reply, index);
  if (kind === "waiting" || kind === "active") return liveStatusAt(reply, index);
  if (kind === "ended") {
    const reason = textAt(reply, index + 2);
    return isEndedReason(reason) ? { kind, reason } : { kind: "superseded" };
  }
  if (kind === "unknown") {
    const endedWith = textAt(reply, index + 2);
    return isFinalState(endedWith) ? { kind, endedWith } : { kind };
  }
  throw new Error(`unknown place status ${kind}`);
};

/** The status of a live place in the three fields from an index on. */
export const liveStatusAt = (reply: Reply, index: number): LivePlaceStatus => {
  const kind = textAt(reply, index);
  const place = placeOf(numberAt(reply, index + 1));
  const value = numberAt(reply, index + 2);
  return kind === "active"
    ? { kind, place, expiresAtMs: value }
    : { kind: "waiting", place, position: value };
};
