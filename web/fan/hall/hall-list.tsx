import { formatMoney } from "../../shared/format.ts";
import { wholeRows } from "../../../src/kernel/seating-plan.ts";
import { Fold } from "../../shared/hall/fold.tsx";
import { placesText } from "../../shared/hall/place-texts.ts";
import type { SectionShape } from "../../shared/hall/layout.ts";
import { formatNumber } from "../../shared/language.ts";
import type { ChosenSection } from "./best-seats.tsx";
import type { Hall } from "../purchase/hall.ts";
import { priceOf } from "../purchase/seat-names.ts";
import type { SeatStore } from "../purchase/seat-state.ts";
import { selectedIn, toggleSeat } from "../purchase/selection.ts";
import { free } from "../../shared/hall/seat-statuses.ts";
import { hallTexts } from "./texts.ts";

type WholeRow = ReturnType<typeof wholeRows>[number];

export interface ListProps {
  readonly store: SeatStore;
  readonly hall: Hall;
  readonly currency: string;
  readonly section: ChosenSection;
}

/** The seats of a span that are free or selected. */
const listed = ({ store, hall }: ListProps, { firstSeat, lastSeat }: WholeRow): number[] => {
  const codes = hall.statuses.value?.codes;
  const selected = selectedIn(store);
  const seats: number[] = [];
  for (let seat = firstSeat; seat <= lastSeat; seat += 1)
    if (codes?.[seat - 1] === free || selected.includes(seat)) seats.push(seat);
  return seats;
};

const Row = (props: ListProps & { row: WholeRow }) => {
  const { store, hall, currency, row } = props;
  const seats = listed(props, row);
  if (seats.length === 0) return <p class="soft small">{hallTexts().noFree}</p>;
  return (
    <ul class="row-seats">
      {seats.map((seatNumber) => (
        <li key={seatNumber}>
          <label class="row check num">
            <input
              type="checkbox"
              checked={selectedIn(store).includes(seatNumber)}
              onChange={() => toggleSeat(store, seatNumber)}
            />
            <span class="visually-hidden">{placesText([hall.placeOf(seatNumber)])}, </span>
            {hall.placeOf(seatNumber).name}
            <span class="soft small">{formatMoney(priceOf(store, seatNumber), currency)}</span>
          </label>
        </li>
      ))}
    </ul>
  );
};

const Rows = (props: ListProps & { shape: SectionShape }) => {
  const t = hallTexts();
  return (
    <div class="rows">
      {wholeRows(props.shape.section).map((row) => {
        const count = listed(props, row).length;
        const title = t.rowOf(props.hall.placeOf(row.firstSeat).row ?? "", formatNumber(count));
        return (
          <Fold key={row.firstSeat} title={title}>
            {() => <Row {...props} row={row} />}
          </Fold>
        );
      })}
    </div>
  );
};

/** All seats by section and row, for everyone who does not use the map. */
export const HallList = (props: ListProps) => {
  const t = hallTexts();
  const { hall } = props;
  const freeBySection = hall.statuses.value?.freeBySection;
  return (
    <ul class="hall-list">
      {hall.layout.sections.map((shape, at) => {
        const { name, kind } = shape.section;
        const title = t.sectionOf(name ?? "", formatNumber(freeBySection?.[at] ?? 0));
        return (
          <li key={name}>
            {kind === "STANDING" ? (
              <button
                class="text-button"
                type="button"
                onClick={() => (props.section.value = { at })}
              >
                {title} ({t.standing})
              </button>
            ) : (
              <Fold title={title}>{() => <Rows {...props} shape={shape} />}</Fold>
            )}
          </li>
        );
      })}
    </ul>
  );
};
