import { useMemo, useState } from "preact/hooks";
import { HallMap } from "../../shared/hall/hall-map.tsx";
import { ranksOf, type HallLayout } from "../../shared/hall/layout.ts";
import type { MapModel } from "../../shared/hall/live-map.ts";
import { mapTexts } from "../../shared/hall/map-texts.ts";
import { placeName } from "../../shared/hall/names.ts";
import { placesText } from "../../shared/hall/place-texts.ts";
import { statusName, type SeatStatuses } from "../../shared/hall/seat-statuses.ts";
import { formatNumber } from "../../shared/language.ts";
import { signal, type Signal } from "../../shared/signals.ts";
import { texts } from "../texts.ts";
import { Radios } from "../radios.tsx";
import type { SeatChoice } from "./choice.ts";
import { houseTexts } from "./house-texts.ts";
import { SeatLegend } from "./seat-legend.tsx";
import { SeatList } from "./seat-list.tsx";

interface MapParts {
  readonly layout: HallLayout;
  readonly statuses: Signal<SeatStatuses | null>;
  readonly choice: SeatChoice;
  /** The seat that the keyboard or a tap has reached. */
  readonly reached: Signal<number | null>;
  /** A standing section has no seats on the map. */
  readonly onStanding: () => void;
}

/** The map on which an operator chooses seats. */
const modelOf = ({ layout, statuses, choice, reached, onStanding }: MapParts): MapModel => ({
  layout,
  ranks: ranksOf(layout.plan),
  statuses,
  selected: () => [...choice.chosen.value],
  texts: () => ({ stage: mapTexts().stage, left: formatNumber }),
  nameOf: (seatNumber) => placeName(layout.plan, seatNumber).name ?? "",
  onReach: (seatNumber) => void (reached.value = seatNumber),
  onChoose: (seatNumber, hasShift) => {
    reached.value = seatNumber;
    choice.choose(seatNumber, hasShift);
  },
  onStanding,
});

/** The seat that was reached on the map. */
const Reached = ({ layout, statuses, reached }: MapParts) => {
  const [at, seats] = [reached.value, statuses.value];
  return (
    <p role="status" class="small">
      {at !== null &&
        seats !== null &&
        `${placesText([placeName(layout.plan, at)])}, ${texts().status[statusName(seats, at)]}`}
    </p>
  );
};

/** Chooses all seats of a section. */
const WholeSection = ({ layout, choice }: Pick<MapParts, "layout" | "choice">) => {
  const t = houseTexts();
  const { sections } = layout.plan;
  const choose = (select: HTMLSelectElement): void => {
    const section = sections[Number(select.value)];
    if (select.value !== "" && section !== undefined) choice.chooseAll(section, true);
    select.value = "";
  };
  return (
    <label class="field">
      <span class="small">{t.section}</span>
      <select onChange={(event) => choose(event.currentTarget)}>
        <option value="">{t.noSection}</option>
        {sections.map(({ name }, at) => (
          <option key={name} value={at}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
};

interface HallSeatsProps {
  readonly layout: HallLayout;
  readonly statuses: Signal<SeatStatuses | null>;
  readonly choice: SeatChoice;
}

/** The seats of a date on the map or in a list, to choose from. */
export const HallSeats = ({ layout, statuses, choice }: HallSeatsProps) => {
  const t = houseTexts();
  const [isList, setList] = useState(false);
  const [reached] = useState(() => signal<number | null>(null));
  const parts = { layout, statuses, choice, reached, onStanding: () => setList(true) };
  const model = useMemo(() => modelOf(parts), [layout, statuses, choice]);
  const views = [
    [false, t.map],
    [true, t.list],
  ] as const;
  return (
    <>
      <Radios name="seats-as" legend={t.showAs} value={isList} options={views} onChoose={setList} />
      {choice.isHouse.value && <WholeSection layout={layout} choice={choice} />}
      {isList ? (
        statuses.value !== null && (
          <SeatList layout={layout} statuses={statuses.value} choice={choice} />
        )
      ) : (
        <>
          <HallMap model={model} hint={choice.isHouse.value ? t.houseHint : t.mapHint} />
          <Reached {...parts} />
          <SeatLegend />
        </>
      )}
    </>
  );
};
