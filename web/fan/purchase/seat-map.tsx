import { formatMoney } from "../../shared/format.ts";
import type { SeatStore } from "./seat-state.ts";
import { seatsMaxIn, selectedIn, toggleSeat } from "./selection.ts";
import type { Hall } from "./hall.ts";
import { seatsPerRow } from "./rows-of-ten.ts";
import { SeatIcon, type Appearance } from "./seat-icon.tsx";
import { gradeIn, gradesOf } from "./seat-names.ts";
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

interface HallProps {
  readonly store: SeatStore;
  readonly hall: Hall;
  readonly currency: string;
}

const SeatButton = ({ store, hall, currency, seatNumber }: HallProps & { seatNumber: number }) => {
  const t = purchaseTexts();
  const grade = gradeIn(store, hall, seatNumber);
  const status = hall.statusOf(seatNumber);
  const isSelected = selectedIn(store).includes(seatNumber);
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
        grade?.name ?? "",
        formatMoney(grade?.price ?? 0, currency),
        statusText,
      )}
      tabIndex={seatNumber === store.tabStop.value ? 0 : -1}
      onClick={() => {
        store.tabStop.value = seatNumber;
        if (isFree) toggleSeat(store, seatNumber);
      }}
      onKeyDown={(event) => moveFocus(store, event, seatNumber, hall.plan.seatsTotal)}
    >
      <SeatIcon grade={grade?.rank ?? 0} appearance={appearance} text={String(seatNumber)} />
    </button>
  );
};

/** Legend of the shapes: grade, price and free seats. */
export const GradeLegend = ({ store, hall, currency }: HallProps) => {
  const t = purchaseTexts();
  return (
    <ul class="grades small" aria-label={t.legend}>
      {gradesOf(store, hall).map(({ name, price, rank, free = 0 }) => (
        <li key={name}>
          <SeatIcon grade={rank} appearance="AVAILABLE" text="" />
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

/** The seats of a hall without sections, by number. */
const seatsOf = ({ plan }: Hall): number[] =>
  Array.from({ length: plan.seatsTotal }, (_, n) => n + 1);

/** All seats at their positions, with the stage at the top. */
export const SeatMap = (props: HallProps) => {
  const t = purchaseTexts();
  return (
    <div>
      <p class="stage" aria-hidden="true">
        {t.stage}
      </p>
      <p id="map-hint" class="visually-hidden">
        {t.mapHint}
      </p>
      <div class="map" role="group" aria-label={t.map} aria-describedby="map-hint">
        {seatsOf(props.hall).map((seatNumber) => (
          <SeatButton key={seatNumber} {...props} seatNumber={seatNumber} />
        ))}
      </div>
      <StatusLegend />
    </div>
  );
};

/** Free and selected seats as a list by grade. */
export const SeatList = ({ store, hall, currency }: HallProps) => {
  const t = purchaseTexts();
  const selected = selectedIn(store);
  const isFull = selected.length >= seatsMaxIn(store);
  const listed = seatsOf(hall).filter(
    (seatNumber) => hall.statusOf(seatNumber) === "AVAILABLE" || selected.includes(seatNumber),
  );
  return (
    <div class="stack">
      {gradesOf(store, hall).map(({ name, price, rank, free = 0 }) => (
        <fieldset key={name} class="grade-list">
          <legend class="row">
            <SeatIcon grade={rank} appearance="AVAILABLE" text="" />
            <b>{name}</b> {formatMoney(price, currency)}{" "}
            <span class="soft">{t.free(String(free))}</span>
          </legend>
          <ul>
            {listed
              .filter((seatNumber) => hall.ranks[hall.gradeOf(seatNumber)] === rank)
              .map((seatNumber) => (
                <li key={seatNumber}>
                  <label class="row check num">
                    <input
                      type="checkbox"
                      checked={selected.includes(seatNumber)}
                      disabled={isFull && !selected.includes(seatNumber)}
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
