import type { MapModel } from "../../shared/hall/live-map.ts";
import { mapTexts } from "../../shared/hall/map-texts.ts";
import { placesText } from "../../shared/hall/place-texts.ts";
import { formatMoney } from "../../shared/format.ts";
import { formatNumber } from "../../shared/language.ts";
import { announce } from "../live-region.tsx";
import type { ChosenSection } from "./best-seats.tsx";
import type { Hall } from "../purchase/hall.ts";
import { gradeIn } from "../purchase/seat-names.ts";
import type { SeatStore } from "../purchase/seat-state.ts";
import { selectedIn, toggleSeat } from "../purchase/selection.ts";
import { purchaseTexts } from "../purchase/texts.ts";
import { hallTexts } from "./texts.ts";

interface MapOptions {
  readonly currency: string;
  readonly section: ChosenSection;
}

/** Everything about a seat in one text. */
const describe = (store: SeatStore, hall: Hall, currency: string, seatNumber: number): string => {
  const t = purchaseTexts();
  const grade = gradeIn(store, hall, seatNumber);
  const isSelected = selectedIn(store).includes(seatNumber);
  return [
    placesText([hall.placeOf(seatNumber)]),
    grade?.name,
    formatMoney(grade?.price ?? 0, currency),
    isSelected ? t.selected : t.status[hall.statusOf(seatNumber)],
  ].join(", ");
};

/** The map on which a fan selects seats. */
export const mapOf = (
  store: SeatStore,
  hall: Hall,
  { currency, section }: MapOptions,
): MapModel => {
  const { layout, ranks, statuses, placeOf } = hall;
  const tell = (seatNumber: number): void => announce(describe(store, hall, currency, seatNumber));
  return {
    layout,
    ranks,
    statuses,
    selected: () => selectedIn(store),
    texts: () => ({
      stage: mapTexts().stage,
      left: (count) =>
        count === 0 ? hallTexts().noneLeft : purchaseTexts().free(formatNumber(count)),
    }),
    nameOf: (seatNumber) => placeOf(seatNumber).name ?? "",
    onReach: tell,
    /** Selects a seat or gives it back. A taken seat stays as it is. */
    onChoose: (seatNumber) => {
      const isFree = hall.statusOf(seatNumber) === "AVAILABLE";
      if (isFree || selectedIn(store).includes(seatNumber)) toggleSeat(store, seatNumber);
      tell(seatNumber);
    },
    onStanding: (at) => void (section.value = { at }),
  };
};
