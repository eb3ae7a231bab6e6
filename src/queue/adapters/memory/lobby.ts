import type { Clock, InstantMs } from "#kernel/instant.ts";
import { isDrawValue } from "../../admission/domain/place.ts";
import type { Lobby, ReadLobby, LobbyPage } from "../../lottery/ports/lobby.ts";
import type { FindQueue, MemoryQueueState } from "./queue-state.ts";

const readPage = (queue: MemoryQueueState, ask: ReadLobby, nowMs: InstantMs): LobbyPage => {
  if (queue.lobby.closedAtMs === null && nowMs < ask.admitsAtMs) return { kind: "open" };
  queue.lobby.closedAtMs ??= nowMs;
  const { drawing } = queue;
  if (drawing !== null && drawing.drawId !== ask.drawId && nowMs < drawing.untilMs) {
    return { kind: "taken" };
  }
  queue.drawing = { drawId: ask.drawId, untilMs: nowMs + ask.leaseMs };
  const { after } = ask;
  const last = after === null ? null : { userId: after.userId, score: after.drawValue };
  const next = queue.waiting.listBehind(last, ask.entrantsMax);
  const entrants = next.filter(({ score }) => isDrawValue(score));
  return {
    kind: "page",
    epoch: queue.epoch,
    closedAtMs: queue.lobby.closedAtMs,
    more: entrants.length === ask.entrantsMax,
    entrants: entrants.map(({ userId, score }) => ({ userId, drawValue: score })),
  };
};

/** The lobby in the memory of this process. */
export const memoryLobby = (findQueue: FindQueue, clock: Clock): Lobby => ({
  async read(concertId, ask) {
    return readPage(await findQueue(concertId), ask, clock.nowMs());
  },
});
