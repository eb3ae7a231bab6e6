import type { Seats } from "../../../sdk/generated/index.ts";
import { formatMoney } from "../../shared/format.ts";
import { toggleSeat, type SeatStore } from "./seat-store.ts";
import { gradesOf, seatsPerRow, type Seat } from "./neighbours.ts";
import { SeatIcon, type Appearance } from "./seat-icon.tsx";
import { purchaseTexts } from "./texts.ts";

const steps: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -seatsPerRow,
  ArrowDown: seatsPerRow,
};

const moveFocus = (
  { tabStop }: SeatStore,
  event: KeyboardEvent,
  from: number,
  count: number,
): void => {
  const ends: Readonly<Record<string, number>> = { Home: 1, End: count };
  const step = steps[event.key];
  const to = step === undefined ? ends[event.key] : from + step;
  if (to === undefined) return;
  event.preventDefault();
  if (to < 1 || to > count) return;
  tabStop.value = to;
  document.getElementById(`seat-${to}`)?.focus();
};

interface SeatProps {
  readonly store: SeatStore;
  readonly seat: Seat;
  readonly grade: number;
  readonly currency: string;
  readonly count: number;
}

const SeatButton = ({ store, seat, grade, currency, count }: SeatProps) => {
  const t = purchaseTexts();
  const { seatNumber, status } = seat;
  const isSelected = store.selected.value.includes(seatNumber);
  const isFree = status === "AVAILABLE" || isSelected;
  const appearance: Appearance = isSelected ? "selected" : status;
  const statusText = isSelected ? t.selected : t.status[status];
  return (
    <button
      id={`seat-${seatNumber}`}
      class="seat"
      type="button"
      role="checkbox"
      aria-checked={isSelected}
      aria-disabled={!isFree}
      aria-label={t.seatLabel(
        seatNumber,
        seat.grade,
        formatMoney(seat.price, currency),
        statusText,
      )}
      tabIndex={seatNumber === store.tabStop.value ? 0 : -1}
      onClick={() => {
        store.tabStop.value = seatNumber;
        if (isFree) toggleSeat(store, seatNumber);
      }}
      onKeyDown={(event) => moveFocus(store, event, seatNumber, count)}
    >
      <SeatIcon grade={grade} appearance={appearance} text={String(seatNumber)} />
    </button>
  );
};

/** Legend of the shapes: grade, price and free seats. */
export const GradeLegend = ({ seats, currency }: { seats: Seats; currency: string }) => {
  const t = purchaseTexts();
  return (
    <ul class="grades small" aria-label={t.legend}>
      {gradesOf(seats.items).map(({ name, price, free }, n) => (
        <li key={name}>
          <SeatIcon grade={n} appearance="AVAILABLE" text="" />
          <b>{name}</b>
          <span class="num">{formatMoney(price, currency)}</span>
          <span class="soft num">{t.free(String(free))}</span>
        </li>
      ))}
    </ul>
  );
};

/** Legend of the fills. */
const StatusLegend = () => {
  const t = purchaseTexts();
  return (
    <ul class="row marks small soft">
      <li>
        <SeatIcon grade={0} appearance="selected" text="" /> {t.mine}
      </li>
      <li>
        <SeatIcon grade={0} appearance="HELD" text="" /> {t.held}
      </li>
      <li>
        <SeatIcon grade={0} appearance="SOLD" text="" /> {t.sold}
      </li>
    </ul>
  );
};

/** All seats at their positions, with the stage at the top. */
export const SeatMap = ({
  store,
  seats,
  currency,
}: {
  store: SeatStore;
  seats: Seats;
  currency: string;
}) => {
  const t = purchaseTexts();
  const grades = gradesOf(seats.items).map(({ name }) => name);
  const count = seats.items.length;
  return (
    <div>
      <p class="stage" aria-hidden="true">
        {t.stage}
      </p>
      <p id="map-hint" class="visually-hidden">
        {t.mapHint}
      </p>
      <div class="map" role="group" aria-label={t.map} aria-describedby="map-hint">
        {seats.items.map((seat) => (
          <SeatButton
            key={seat.seatNumber}
            store={store}
            seat={seat}
            grade={grades.indexOf(seat.grade)}
            currency={currency}
            count={count}
          />
        ))}
      </div>
      <StatusLegend />
    </div>
  );
};

/** Free and selected seats as a list by grade. */
export const SeatList = ({
  store,
  seats,
  currency,
}: {
  store: SeatStore;
  seats: Seats;
  currency: string;
}) => {
  const t = purchaseTexts();
  const { value: selected } = store.selected;
  const isListed = ({ status, seatNumber }: Seat): boolean =>
    status === "AVAILABLE" || selected.includes(seatNumber);
  return (
    <div class="stack">
      {gradesOf(seats.items).map(({ name, price, free }, n) => (
        <fieldset key={name} class="grade-list">
          <legend class="row">
            <SeatIcon grade={n} appearance="AVAILABLE" text="" />
            <b>{name}</b> {formatMoney(price, currency)}{" "}
            <span class="soft">{t.free(String(free))}</span>
          </legend>
          <ul>
            {seats.items
              .filter((seat) => seat.grade === name && isListed(seat))
              .map(({ seatNumber }) => (
                <li key={seatNumber}>
                  <label class="row check num">
                    <input
                      type="checkbox"
                      checked={selected.includes(seatNumber)}
                      onChange={() => toggleSeat(store, seatNumber)}
                    />
                    {t.seat(seatNumber)}
                  </label>
                </li>
              ))}
          </ul>
        </fieldset>
      ))}
    </div>
  );
};
