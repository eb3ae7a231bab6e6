import { placeOf } from "../../admission/domain/place.ts";
import type { LivePlaces } from "../../history/ports/live-places.ts";
import { isFinalState } from "../../admission/domain/queue-state.ts";
import { numberAt, textAt, type CallQueue } from "./call-queue.ts";
import { queueScripts } from "./scripts.ts";

/** Reads live places in Redis: one script, which changes nothing. */
export const redisLivePlaces = (call: CallQueue): LivePlaces => ({
  async peek(concertId, userId) {
    const { reply } = await call(queueScripts.peekPlace, concertId, { user: userId });
    const kind = textAt(reply, 1);
    if (kind === "absent") {
      const reason = textAt(reply, 3);
      if (!isFinalState(reason)) return { kind };
      return { kind, queueEnd: { through: placeOf(numberAt(reply, 2)), reason } };
    }
    const place = placeOf(numberAt(reply, 2));
    const value = numberAt(reply, 3);
    switch (kind) {
      case "waiting":
        return { kind, place, position: value };
      case "active":
        return { kind, place, expiresAtMs: value };
      case "away":
        return { kind: "skipped", place };
      default:
        throw new Error(`unknown reply ${kind}`);
    }
  },
});
