import type { Lobby } from "../ports/lobby.ts";
import type { LivePlaces } from "../ports/live-places.ts";
import type { QueueStore } from "../ports/queue-store.ts";
import type { RecoveryStore } from "../ports/recovery-store.ts";
import type { SeatGate } from "../ports/seat-gate.ts";

/** Every port that the store of the queue implements. */
export interface QueueBackend {
  readonly store: QueueStore & RecoveryStore;
  readonly gate: SeatGate;
  readonly livePlaces: LivePlaces;
  readonly lobby: Lobby;
}
