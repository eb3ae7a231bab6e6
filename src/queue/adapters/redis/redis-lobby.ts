import { toId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { Entrant, Lobby } from "../../lottery/ports/lobby.ts";
import type { Attachment } from "./attachment.ts";
import { confirmedRunner, numberAt, textAt, type CallQueue, type Reply } from "./call-queue.ts";
import { queueScripts } from "./scripts.ts";

/** The index of the first entrant in the reply of read-lobby.lua. */
const headLength = 3;

const entrantsOf = (reply: Reply): readonly Entrant[] =>
  Array.from({ length: (reply.length - headLength) / 2 }, (_, index) => ({
    userId: toId<"user">(textAt(reply, headLength + index * 2)),
    drawValue: numberAt(reply, headLength + index * 2 + 1),
  }));

/**
 * The lobby in Redis: one script for each page. Without a confirmation of the epoch it throws Unavailable,
 * because instances on another server may draw the lottery.
 */
export const redisLobby = (call: CallQueue, attached: Attachment): Lobby => ({
  async read(concertId, { admitsAtMs, drawId, leaseMs, after, entrantsMax }) {
    const terms = {
      admitsAtMs,
      drawId,
      leaseMs,
      afterValue: after?.drawValue ?? "",
      afterUser: after?.userId ?? "",
      entrantsMax,
    };
    const { epoch, reply } = await confirmedRunner(attached)(concertId, (onlyEpoch) => {
      if (onlyEpoch !== null) return call(queueScripts.readLobby, concertId, terms, { onlyEpoch });
      throw new Unavailable("the database has not confirmed the epoch of the lobby");
    });
    const [kind] = reply;
    if (kind === "open" || kind === "taken") return { kind };
    return {
      kind: "page",
      epoch,
      closedAtMs: numberAt(reply, 1),
      more: numberAt(reply, 2) === 1,
      entrants: entrantsOf(reply),
    };
  },
});
