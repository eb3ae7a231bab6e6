import type { Reservation, Sales, SeatingPlan } from "../../sdk/index.ts";
import type { Crowd, Fan } from "./crowd.ts";
import type { Wish } from "./wishes.ts";

/** A seat as the plan describes it, found from its number without the server's own code. */
interface PlannedSeat {
  readonly section: string | null;
  readonly row: string | null;
  readonly name: string | null;
  readonly grade: string;
  /** Of the row, or of a whole standing section: seats side by side have one. */
  readonly rowNumber: number;
  readonly isStanding: boolean;
}

type Row = SeatingPlan["sections"][number]["rows"][number];

const seatOfRow = (section: string | null, row: Row, n: number): Omit<PlannedSeat, "rowNumber"> => {
  const { name, grade } = row.places?.[n] ?? { ...row, name: null };
  const counted = row.firstName === null ? null : String(row.firstName + n * row.step);
  return { section, row: row.name, name: name ?? counted, grade, isStanding: false };
};

/** All seats of the plan, by number minus one. */
const plannedSeats = ({ sections }: SeatingPlan): readonly PlannedSeat[] => {
  let rowNumber = 0;
  return sections.flatMap(({ name, kind, grade, firstSeat, lastSeat, rows }) => {
    rowNumber += 1;
    const place = { section: name, row: null, name: null, grade, rowNumber, isStanding: true };
    if (kind === "STANDING") return Array.from({ length: lastSeat - firstSeat + 1 }, () => place);
    return rows.flatMap((row, index) => {
      // Parts that follow each other and have one name are one row.
      if (rows[index - 1]?.name !== row.name) rowNumber += 1;
      return Array.from({ length: row.lastSeat - row.firstSeat + 1 }, (_, n) => ({
        ...seatOfRow(name, row, n),
        rowNumber,
      }));
    });
  });
};

/** Places of one standing section, or seats of one row whose numbers follow each other. */
const areSideBySide = (
  planned: readonly PlannedSeat[],
  seatNumbers: readonly number[],
): boolean => {
  const sorted = seatNumbers.toSorted((a, b) => a - b);
  const [first = 0] = sorted;
  const one = planned[first - 1];
  const isOneRow = sorted.every((seat) => planned[seat - 1]?.rowNumber === one?.rowNumber);
  const follow = sorted.every((seat, n) => seat === first + n);
  return isOneRow && (follow || one?.isStanding === true);
};

type Faults = (string | false)[];

const labels = ["section", "row", "name", "grade"] as const;

type Seats = Reservation["seats"];

/** The parts of the wish that the seats do not fulfil. */
const unfulfilled = (wish: Wish, seats: Seats, isTogether: boolean): Faults => {
  if ("seatNumbers" in wish) {
    const wanted = wish.seatNumbers.join();
    return [seats.map(({ seatNumber }) => seatNumber).join() !== wanted && `not seats ${wanted}`];
  }
  const { count: wanted, grade, section, together } = wish.best;
  return [
    wanted !== seats.length && `not ${wanted} seats`,
    together === true && !isTogether && "not side by side, as was asked for",
    grade !== undefined && seats.some((seat) => seat.grade !== grade) && `not of grade ${grade}`,
    section !== undefined &&
      seats.some((seat) => seat.section !== section) &&
      `not in section ${section}`,
  ];
};

/** The faults of a hold: it is not the one that was asked for, or its seats are not as in the plan. */
const faultsOfHold = (
  planned: readonly PlannedSeat[],
  { wish, reservation }: Fan["holds"][number],
): readonly string[] => {
  const { reservationId, seatNumbers, seats, together } = reservation;
  const isTogether = areSideBySide(planned, seatNumbers);
  // The price may have been corrected since the plan was read.
  const isPlanned = (seat: Seats[number]): boolean =>
    labels.every((label) => seat[label] === planned[seat.seatNumber - 1]?.[label]);
  const faults: Faults = [
    seats.map(({ seatNumber }) => seatNumber).join() !== seatNumbers.join() &&
      "describes other seats",
    ...seats.map((seat) => !isPlanned(seat) && `seat ${seat.seatNumber} is not as in the plan`),
    together !== isTogether && `together is ${together}`,
    ...unfulfilled(wish, seats, isTogether),
  ];
  return faults
    .filter((fault) => fault !== false)
    .map((fault) => `reservation ${reservationId} of seats ${seatNumbers.join()}: ${fault}`);
};

const count = (keys: readonly string[]): Map<string, number> =>
  keys.reduce(
    (counts, key) => counts.set(key, (counts.get(key) ?? 0) + 1),
    new Map<string, number>(),
  );

/** Seats for which fans got more than one ticket. */
const doubledSeats = ({ fans }: Crowd): Faults => {
  const given = fans.flatMap(({ tickets }) => tickets);
  return [...count(given.map(({ date, seatNumber }) => `${date} ${seatNumber}`))].map(
    ([seat, tickets]) => tickets > 1 && `seat ${seat}: ${tickets} tickets`,
  );
};

export interface SeatChecks {
  readonly faults: readonly string[];
  /** Holds that were compared with what was asked for and with the plan. */
  readonly compared: number;
  /** Of them, with seats that the server chose. */
  readonly best: number;
  /** Of them, with seats that had to be side by side. */
  readonly together: number;
  /** Places of standing sections in them. */
  readonly standing: number;
}

/** Compares the answers to the fans with the plan: what they held, and that no seat has two tickets. */
export const checkSeats = (crowd: Crowd): SeatChecks => {
  const planned = plannedSeats(crowd.hall);
  const holds = crowd.fans.flatMap((fan) => fan.holds);
  const chosen = holds.flatMap(({ wish }) => ("best" in wish ? [wish.best] : []));
  const seats = holds.flatMap(({ reservation }) => reservation.seatNumbers);
  const faults = [...holds.flatMap((held) => faultsOfHold(planned, held)), ...doubledSeats(crowd)];
  return {
    faults: [...faults.filter((fault) => fault !== false), ...crowd.mapFaults],
    compared: holds.length,
    best: chosen.length,
    together: chosen.filter(({ together }) => together === true).length,
    standing: seats.filter((seat) => planned[seat - 1]?.isStanding === true).length,
  };
};

/** A seat in the database. */
interface StoredSeat {
  readonly date: string;
  readonly seatNumber: number;
  readonly status: string;
}

/** A figure of a grade, as operators read it. */
type Figure = Pick<Sales["items"][number], "date" | "grade" | "seatsSold">;

/**
 * Compares the seats in the database with the plan, the tickets of the fans and the figures that operators read:
 * every date has all seats, every section has sold at least what the fans got in it, and every grade has
 * sold what its figure says.
 */
export const checkCounts = (
  crowd: Crowd,
  stored: readonly StoredSeat[],
  sales: readonly Figure[],
): string[] => {
  const planned = plannedSeats(crowd.hall);
  const by = (label: "section" | "grade", seats: readonly Omit<StoredSeat, "status">[]) =>
    count(seats.map(({ date, seatNumber }) => `${date} ${planned[seatNumber - 1]?.[label]}`));
  const sold = stored.filter(({ status }) => status === "SOLD");
  const soldInSection = by("section", sold);
  const soldOfGrade = by("grade", sold);
  const got = by(
    "section",
    crowd.fans.flatMap(({ tickets }) => tickets),
  );
  return [
    ...[...count(stored.map(({ date }) => date))].map(
      ([date, seats]) => seats !== planned.length && `${date}: ${seats} of ${planned.length} seats`,
    ),
    ...[...got].map(([section, tickets]) => {
      const seats = soldInSection.get(section) ?? 0;
      return seats < tickets && `${section}: ${tickets} tickets for ${seats} sold seats`;
    }),
    ...sales.map(({ date, grade, seatsSold }) => {
      const seats = soldOfGrade.get(`${date} ${grade}`) ?? 0;
      return seats !== seatsSold && `${date} ${grade}: ${seats} sold, the figure is ${seatsSold}`;
    }),
  ].filter((fault) => fault !== false);
};
