import { useMemo, useState } from "preact/hooks";
import { HallMap } from "../../shared/hall/hall-map.tsx";
import { signal } from "../../shared/signals.ts";
import { Dates, isList, Limit, SeatsMissing, ViewSwitch } from "../purchase/choose-seats.tsx";
import { Heading } from "../purchase/heading.tsx";
import { NoticeBox } from "../purchase/notice.tsx";
import type { HallView } from "../purchase/seat-state.ts";
import { purchaseTexts } from "../purchase/texts.ts";
import { BestSeats } from "./best-seats.tsx";
import { HallList, type ListProps } from "./hall-list.tsx";
import { mapOf } from "./map-of.ts";
import { hallTexts } from "./texts.ts";
import "./hall.css";

/** The map or the list. It is rendered at each change of a seat, and what stands around it is not. */
const Seats = (props: ListProps) => {
  const { store, hall, currency, section } = props;
  const model = useMemo(() => mapOf(store, hall, { currency, section }), [store, hall]);
  if (hall.statuses.value === null) return <SeatsMissing store={store} />;
  return isList.value ? (
    <HallList {...props} />
  ) : (
    <HallMap model={model} hint={hallTexts().tapHint} />
  );
};

/** Selects a date and seats of a large hall: by number and price first, then by the map or the list. */
export const ChooseInHall: HallView = ({ store, concert, hall }) => {
  const t = hallTexts();
  const { currency } = concert;
  const [section] = useState(() => signal<{ at: number } | null>(null));
  return (
    <section class="choosing">
      <div class="stack">
        <Heading>{purchaseTexts().chooseSeats}</Heading>
        <Limit store={store} concert={concert} />
        <Dates store={store} concert={concert} />
        <BestSeats store={store} concert={concert} hall={hall} section={section} />
      </div>
      <div class="stack">
        <div class="row apart">
          <h3>{t.orChoose}</h3>
          <ViewSwitch />
        </div>
        <Seats store={store} hall={hall} currency={currency} section={section} />
        <NoticeBox store={store} isAbove={false} />
      </div>
    </section>
  );
};
