import type { Clock, InstantMs } from "#kernel/instant.ts";
import { isDrawn } from "../../domain/place.ts";
import type { Lobby, LobbyAsk, LobbyPage } from "../../ports/lobby.ts";
import type { FindQueue, MemoryQueueState } from "./queue-state.ts";

const readPage = (queue: MemoryQueueState, ask: LobbyAsk, nowMs: InstantMs): LobbyPage => {
  if (queue.lobby.closedAtMs === null && nowMs < ask.admitsAtMs) return { kind: "open" };
  queue.lobby.closedAtMs ??= nowMs;
  const { drawer } = queue;
  if (drawer !== null && drawer.name !== ask.drawer && nowMs < drawer.untilMs) {
    return { kind: "taken" };
  }
  queue.drawer = { name: ask.drawer, untilMs: nowMs + ask.leaseMs };
  const { behind } = ask;
  const last = behind === null ? null : { userId: behind.userId, score: behind.drawValue };
  const next = queue.waiting.listBehind(last, ask.entrantsMax);
  const entrants = next.filter(({ score }) => isDrawn(score));
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
