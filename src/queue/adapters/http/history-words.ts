import { toRfc3339, type InstantMs } from "#kernel/instant.ts";
import type { PlaceEvent, PlaceStory } from "../../domain/place-history.ts";

/** The words of a story, for a promoter who answers a fan: what happened, and what it meant. */

const count = (n: number): string => n.toLocaleString("en");

const people = (n: number): string => (n === 1 ? "1 person" : `${count(n)} people`);

const untilWords = (untilMs: InstantMs | null): string =>
  untilMs === null ? "" : `, with time until ${toRfc3339(untilMs)} to buy`;

type Plain = Exclude<PlaceEvent, { kind: "JOINED" | "DRAWN" }>;

const plainWords: Readonly<Record<Plain["kind"], string>> = {
  ADMITTED: "The turn had come: let in",
  STEPPED_OVER:
    "Was not there when the turn came: no app or browser had asked for this place in time. The place was set aside and kept, and the next person was let in",
  RETURNED: "Came back: served next, before everybody who waits, in the order of return",
  PAID: "Paid: the tickets are bought, and the place has ended",
  LEFT: "The place was given up, in the app or by joining anew",
  LAPSED: "The time was over, or nobody came a second time: the place has ended",
  SOLD_OUT: "Sold out: everybody who waited was told, and the place has ended",
  CLOSED: "The operator closed the queue: everybody who waited was told, and the place has ended",
};

/** One event in words. */
export const eventWords = (event: PlaceEvent): string => {
  if (event.kind === "DRAWN")
    return `Drawn: place ${count(event.rank)} of ${count(event.entrants)}. The value ${event.drawValue} follows from the user's id and the seed that was committed to before anybody could join`;
  if (event.kind !== "JOINED") return plainWords[event.kind] + untilWords(event.activeUntilMs);
  return event.before === null
    ? "Joined the lobby; when somebody joins it makes no difference, the draw decides"
    : `Joined as number ${count(event.before + 1)}: ${people(event.before)} had joined before`;
};

const ahead = (position: number | null): string =>
  position === null
    ? "Waits; while the queue comes back after its store was lost, nobody has a position"
    : `Waits at position ${count(position)}: ${people(position - 1)} ahead`;

/** Where the place is now, in words. */
export const storyWords = ({ status, position, expiresAtMs, endedReason }: PlaceStory): string => {
  switch (status) {
    case "LOBBY":
      return "In the lobby: the draw gives everybody in it a place, and when one came makes no difference";
    case "WAITING":
      return ahead(position);
    case "AWAY":
      return "Was not there when the turn came. The place is kept, and is served next as soon as the user comes back";
    case "ACTIVE":
      return `Can buy now${expiresAtMs === null ? "" : `, until ${toRfc3339(expiresAtMs)}`}`;
    case "ENDED":
      return endedReason === null ? "Has ended" : plainWords[endedReason];
    case "UNKNOWN":
      return "Not in the queue at this moment, and not noted as ended: the queue's store is away or has lost it. The user's own token puts the place back where it was";
  }
};
