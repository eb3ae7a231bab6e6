import type { PlaceName } from "../shared/hall/names.ts";
import type { DoorList, DoorShow, Scan } from "./records.ts";
import { admissionIn, type Admission, type ListedTicket } from "./rules.ts";

/** The tickets of one show as a scanner knows them: the list, and its own scans since. */
export interface KnownTickets {
  readonly list: DoorList;
  find(ticketId: string): ListedTicket | null;
  /** The admission of a ticket or of its seat, by the answers that this scanner has shown. */
  admissionOf(ticketId: string): Admission | null;
  /** Notes what was shown for a scan. */
  note(scan: Scan): void;
  admitted(): number;
  /** Tickets that are not void. */
  expected(): number;
  /** The tickets that have each word of the text as the beginning of a word: name, section, row or seat. */
  search(text: string, most: number): readonly ListedTicket[];
}

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[\s,·]+/)
    .filter((word) => word !== "");

/** The words of a ticket, each with a space before it. */
const searchable = ({ holderName, section, row, name, seatNumber }: ListedTicket): string => {
  const parts = [holderName, section, row, name ?? (section === null ? seatNumber : null)];
  return parts.map((part) => wordsOf(String(part ?? "")).map((word) => ` ${word}`)).join("");
};

export const placeOf = ({ seatNumber, section, row, name }: PlaceName): PlaceName => ({
  seatNumber,
  section,
  row,
  name,
});

export const knownTickets = (
  list: DoorList,
  show: Pick<DoorShow, "concertId" | "date">,
  scans: Iterable<Scan>,
): KnownTickets => {
  const byId = new Map(list.tickets.map((ticket) => [ticket.ticketId, ticket]));
  const admittedIds = new Set<string>();
  let expected = 0;
  for (const { ticketId, status } of list.tickets) {
    if (status === "USED") admittedIds.add(ticketId);
    if (status !== "VOID") expected += 1;
  }
  const byTicket = new Map<string, Admission>();
  const bySeat = new Map<number, Admission>();
  let texts: readonly string[] | null = null;

  const noteAdmission = (ticketId: string, place: PlaceName | null, admission: Admission): void => {
    if (!byTicket.has(ticketId)) byTicket.set(ticketId, admission);
    if (place !== null && !bySeat.has(place.seatNumber)) bySeat.set(place.seatNumber, admission);
    if (!byId.has(ticketId) && !admittedIds.has(ticketId)) expected += 1;
    admittedIds.add(ticketId);
  };
  const note = ({ concertId, date, shown, at }: Scan): void => {
    const { result, ticketId, place, usedAt, gate } = shown;
    const isHere = concertId === show.concertId && date === show.date;
    const isIn = result === "ADMITTED" || result === "ALREADY_USED";
    if (isHere && isIn && ticketId !== null)
      noteAdmission(ticketId, place, { usedAt: usedAt ?? at, gate });
  };
  for (const scan of scans) note(scan);

  const find = (ticketId: string): ListedTicket | null => byId.get(ticketId) ?? null;
  return {
    list,
    find,
    note,
    admissionOf: (ticketId) => {
      const listed = find(ticketId);
      const ofSeat = listed === null ? undefined : bySeat.get(listed.seatNumber);
      return byTicket.get(ticketId) ?? admissionIn(listed) ?? ofSeat ?? null;
    },
    admitted: () => admittedIds.size,
    expected: () => expected,
    search: (text, most) => {
      const words = wordsOf(text).map((word) => ` ${word}`);
      if (words.length === 0) return [];
      texts ??= list.tickets.map(searchable);
      const found: ListedTicket[] = [];
      for (const [index, ticket] of list.tickets.entries()) {
        if (found.length === most) break;
        if (words.every((word) => texts?.[index]?.includes(word))) found.push(ticket);
      }
      return found;
    },
  };
};
