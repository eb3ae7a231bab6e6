import { toRfc3339, type InstantMs } from "#kernel/instant.ts";
import type { PlaceEvent, PlaceHistory } from "../../domain/place-history.ts";

// Explains a place and each of its events in words, for an operator who answers a fan.

const count = (n: number): string => n.toLocaleString("en");

const users = (n: number): string => (n === 1 ? "1 user" : `${count(n)} users`);

const untilWords = (untilMs: InstantMs | null): string =>
  untilMs === null ? "" : `, with a slot to buy until ${toRfc3339(untilMs)}`;

type Plain = Exclude<PlaceEvent, { kind: "JOINED" | "DRAWN" }>;

const plainWords: Readonly<Record<Plain["kind"], string>> = {
  ADMITTED: "Admitted at its turn",
  STEPPED_OVER:
    "Skipped: at its turn no app or browser had polled for this place recently. The place was kept, and the next user was admitted",
  RETURNED: "Returned: admitted before all waiting users, in the order of return",
  PAID: "Paid: the user has tickets, and the place has ended",
  LEFT: "Left: the user left the queue or joined again, and the place has ended",
  LAPSED:
    "Expired: the session was over, or the user did not come a second time; the place has ended",
  SOLD_OUT: "Sold out: no seat was left, and the place has ended",
  ENDED:
    "Sale ended: every date has begun; all waiting users were notified, and the place has ended",
  CLOSED: "Closed by the operator: all waiting users were notified, and the place has ended",
};

/** Explains one event in words. */
export const eventWords = (event: PlaceEvent): string => {
  if (event.kind === "DRAWN")
    return `Drawn: rank ${count(event.rank)} of ${count(event.entrants)}. The draw value ${event.drawValue} follows from the user's id and the seed, whose hash was published before users could join`;
  if (event.kind !== "JOINED") return plainWords[event.kind] + untilWords(event.activeUntilMs);
  return event.before === null
    ? "Joined the lobby. The time of joining has no effect; the draw decides the order"
    : `Joined as number ${count(event.before + 1)}: ${users(event.before)} had joined before`;
};

const ahead = (position: number | null): string =>
  position === null
    ? "Waiting; there are no positions while the queue recovers from the loss of its store"
    : `Waiting at position ${count(position)}: ${users(position - 1)} ahead`;

/** Explains the present state of a place in words. */
export const statusWords = ({
  status,
  position,
  expiresAtMs,
  endedReason,
}: PlaceHistory): string => {
  switch (status) {
    case "LOBBY":
      return "In the lobby: the draw decides the order of all users in it; the time of joining has no effect";
    case "WAITING":
      return ahead(position);
    case "AWAY":
      return "Skipped, because the user was absent at the turn. The place is kept; the user is admitted next after a return";
    case "ACTIVE":
      return `May buy now${expiresAtMs === null ? "" : `, until ${toRfc3339(expiresAtMs)}`}`;
    case "ENDED":
      return endedReason === null ? "Has ended" : plainWords[endedReason];
    case "UNKNOWN":
      return "Not in the queue now, and not recorded as ended: the store of the queue is unreachable or has lost the place. The user's queue token restores it in its order";
  }
};
