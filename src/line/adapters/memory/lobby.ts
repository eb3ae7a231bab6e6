import type { Clock, InstantMs } from "#kernel/instant.ts";
import { isDrawn } from "../../domain/place.ts";
import type { Lobby, LobbyAsk, LobbyPage } from "../../ports/lobby.ts";
import type { FindLine, LineState } from "./line-state.ts";

const readPage = (line: LineState, ask: LobbyAsk, nowMs: InstantMs): LobbyPage => {
  if (line.lobby.closedAtMs === null && nowMs < ask.admitsAtMs) return { kind: "open" };
  line.lobby.closedAtMs ??= nowMs;
  const { drawer } = line;
  if (drawer !== null && drawer.name !== ask.drawer && nowMs < drawer.untilMs) {
    return { kind: "taken" };
  }
  line.drawer = { name: ask.drawer, untilMs: nowMs + ask.leaseMs };
  const { behind } = ask;
  const last = behind === null ? null : { userId: behind.userId, score: behind.drawValue };
  const next = line.waiting.listBehind(last, ask.entrantsMax);
  const entrants = next.filter(({ score }) => isDrawn(score));
  return {
    kind: "page",
    epoch: line.epoch,
    closedAtMs: line.lobby.closedAtMs,
    more: entrants.length === ask.entrantsMax,
    entrants: entrants.map(({ userId, score }) => ({ userId, drawValue: score })),
  };
};

/** The lobby in the memory of this process. */
export const memoryLobby = (findLine: FindLine, clock: Clock): Lobby => ({
  async read(concertId, ask) {
    return readPage(await findLine(concertId), ask, clock.nowMs());
  },
});
