import type { Lobby } from "../lottery/ports/lobby.ts";
import type { LivePlaces } from "../history/ports/live-places.ts";
import type { QueueStore } from "../admission/ports/queue-store.ts";
import type { RecoveryStore } from "../recovery/ports/recovery-store.ts";
import type { SeatGate } from "../admission/ports/seat-gate.ts";

/** Every port that the store of the queue implements. */
export interface QueueBackend {
  readonly store: QueueStore & RecoveryStore;
  readonly gate: SeatGate;
  readonly livePlaces: LivePlaces;
  readonly lobby: Lobby;
}
