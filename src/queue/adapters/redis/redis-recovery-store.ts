import { scoreOf } from "../../admission/domain/place.ts";
import type { RecordedPlace } from "../../recovery/domain/recorded-place.ts";
import type { RecoveryStore } from "../../recovery/ports/recovery-store.ts";
import type { CallQueue } from "./call-queue.ts";
import { queueScripts } from "./scripts.ts";

/** The six values that rebuild.lua takes of each record. */
const fieldsOf = (person: RecordedPlace): readonly (string | number)[] => {
  const { userId, state } = person;
  const named = [userId, scoreOf(person), state.kind];
  switch (state.kind) {
    case "ended":
      return [...named, state.reason, "", 0];
    case "skipped":
      return [...named, state.hasBeenAdmitted ? 1 : 0, "", 0];
    case "admitted": {
      const { activeUntilMs, hold } = state;
      return [...named, activeUntilMs, hold?.reservationId ?? "", hold?.expiresAtMs ?? 0];
    }
  }
};

/** Recovery in Redis: one script for each method. */
export const redisRecoveryStore = (call: CallQueue): RecoveryStore => ({
  async restore(concertId, userId, place, activeUntilMs) {
    await call(queueScripts.restore, concertId, {
      user: userId,
      place: scoreOf(place),
      activeUntilMs: activeUntilMs ?? 0,
      drawValue: place.drawValue ?? "",
      isBeforeDraw: place.isBeforeDraw === true ? "1" : "0",
    });
  },
  async rebuild(concertId, people, last, onlyEpoch = null) {
    const { epoch, reply } = await call(
      queueScripts.rebuild,
      concertId,
      { last: last ? "1" : "0", rest: people.flatMap(fieldsOf) },
      onlyEpoch === null ? {} : { onlyEpoch },
    );
    return reply[0] === "stale-epoch" ? null : epoch;
  },
});
