import type { Seats } from "../../../sdk/generated/index.ts";
import { formatMoney } from "../../shared/language.ts";
import { signal } from "../../shared/signals.ts";
import { toggle, type Hall } from "./hall.ts";
import { gradesOf, seatsPerRow, type Seat } from "./neighbours.ts";
import { SeatGlyph, type Look } from "./seat-glyph.tsx";
import { shopWords } from "./words.ts";

/** The one seat of the map that the tab key reaches. */
const reached = signal(1);

const steps: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -seatsPerRow,
  ArrowDown: seatsPerRow,
};

const move = (event: KeyboardEvent, from: number, count: number): void => {
  const ends: Readonly<Record<string, number>> = { Home: 1, End: count };
  const step = steps[event.key];
  const to = step === undefined ? ends[event.key] : from + step;
  if (to === undefined) return;
  event.preventDefault();
  if (to < 1 || to > count) return;
  reached.value = to;
  document.getElementById(`seat-${to}`)?.focus();
};

interface SeatProps {
  readonly hall: Hall;
  readonly seat: Seat;
  readonly grade: number;
  readonly currency: string;
  readonly count: number;
}

const SeatButton = ({ hall, seat, grade, currency, count }: SeatProps) => {
  const w = shopWords();
  const { seatNumber, status } = seat;
  const isChosen = hall.chosen.value.includes(seatNumber);
  const isFree = status === "AVAILABLE" || isChosen;
  const look: Look = isChosen ? "chosen" : status;
  const words = isChosen ? w.chosen : w.status[status];
  return (
    <button
      id={`seat-${seatNumber}`}
      class="seat"
      type="button"
      role="checkbox"
      aria-checked={isChosen}
      aria-disabled={!isFree}
      aria-label={w.seatLabel(seatNumber, seat.grade, formatMoney(seat.price, currency), words)}
      tabIndex={seatNumber === reached.value ? 0 : -1}
      onClick={() => {
        reached.value = seatNumber;
        if (isFree) toggle(hall, seatNumber);
      }}
      onKeyDown={(event) => move(event, seatNumber, count)}
    >
      <SeatGlyph grade={grade} look={look} text={String(seatNumber)} />
    </button>
  );
};

/** What the shapes mean, with prices and how many are free. */
export const Grades = ({ seats, currency }: { seats: Seats; currency: string }) => {
  const w = shopWords();
  return (
    <ul class="grades small" aria-label={w.legend}>
      {gradesOf(seats.items).map(({ name, price, free }, n) => (
        <li key={name}>
          <SeatGlyph grade={n} look="AVAILABLE" text="" />
          <b>{name}</b>
          <span class="num">{formatMoney(price, currency)}</span>
          <span class="soft num">{w.free(String(free))}</span>
        </li>
      ))}
    </ul>
  );
};

/** What the fills mean. */
const Marks = () => {
  const w = shopWords();
  return (
    <ul class="row marks small soft">
      <li>
        <SeatGlyph grade={0} look="chosen" text="" /> {w.mine}
      </li>
      <li>
        <SeatGlyph grade={0} look="HELD" text="" /> {w.held}
      </li>
      <li>
        <SeatGlyph grade={0} look="SOLD" text="" /> {w.sold}
      </li>
    </ul>
  );
};

/** Every seat where it is, the stage at the top. */
export const SeatMap = ({
  hall,
  seats,
  currency,
}: {
  hall: Hall;
  seats: Seats;
  currency: string;
}) => {
  const w = shopWords();
  const grades = gradesOf(seats.items).map(({ name }) => name);
  const count = seats.items.length;
  return (
    <div>
      <p class="stage" aria-hidden="true">
        {w.stage}
      </p>
      <p id="map-hint" class="hidden">
        {w.mapHint}
      </p>
      <div class="map" role="group" aria-label={w.map} aria-describedby="map-hint">
        {seats.items.map((seat) => (
          <SeatButton
            key={seat.seatNumber}
            hall={hall}
            seat={seat}
            grade={grades.indexOf(seat.grade)}
            currency={currency}
            count={count}
          />
        ))}
      </div>
      <Marks />
    </div>
  );
};

/** The seats that can be had, as a list by grade. */
export const SeatList = ({
  hall,
  seats,
  currency,
}: {
  hall: Hall;
  seats: Seats;
  currency: string;
}) => {
  const w = shopWords();
  const { value: chosen } = hall.chosen;
  const isListed = ({ status, seatNumber }: Seat): boolean =>
    status === "AVAILABLE" || chosen.includes(seatNumber);
  return (
    <div class="stack">
      {gradesOf(seats.items).map(({ name, price, free }, n) => (
        <fieldset key={name} class="grade-list">
          <legend class="row">
            <SeatGlyph grade={n} look="AVAILABLE" text="" />
            <b>{name}</b> {formatMoney(price, currency)}{" "}
            <span class="soft">{w.free(String(free))}</span>
          </legend>
          <ul>
            {seats.items
              .filter((seat) => seat.grade === name && isListed(seat))
              .map(({ seatNumber }) => (
                <li key={seatNumber}>
                  <label class="row check num">
                    <input
                      type="checkbox"
                      checked={chosen.includes(seatNumber)}
                      onChange={() => toggle(hall, seatNumber)}
                    />
                    {w.seat(seatNumber)}
                  </label>
                </li>
              ))}
          </ul>
        </fieldset>
      ))}
    </div>
  );
};
