import type { Concert } from "../../../sdk/generated/index.ts";
import { browserStorage } from "../../shared/storage.ts";
import { formatDate, formatMoment, formatMoney } from "../../shared/format.ts";
import { signal } from "../../shared/signals.ts";
import { joinTexts } from "../join/texts.ts";
import { texts } from "../texts/index.ts";
import { reserve, selectDate, type SeatStore } from "./seat-store.ts";
import { Heading } from "./heading.tsx";
import { GradeLegend, SeatList, SeatMap } from "./seat-map.tsx";
import { purchaseTexts } from "./texts.ts";

const isList = signal(browserStorage.read("seats-as-list") === true);

const Dates = ({ store, concert }: { store: SeatStore; concert: Concert }) => {
  const t = purchaseTexts();
  const { value: dates } = store.dates;
  return (
    <fieldset class="dates">
      <legend class="visually-hidden">{t.chooseDate}</legend>
      {dates?.map(({ date, startsAt, seatsAvailable }) => (
        <label key={date} class="date">
          <input
            type="radio"
            name="date"
            checked={store.date.value === date}
            onChange={() => selectDate(store, date)}
          />
          <b>{formatDate(date, { month: "short", day: "numeric" })}</b>
          <span class="num small">
            {formatDate(date, { weekday: "short" })}{" "}
            {formatMoment(startsAt, concert.timeZone, { timeStyle: "short" })}
          </span>
          <span class="num small soft">{t.free(String(seatsAvailable))}</span>
        </label>
      ))}
    </fieldset>
  );
};

const setList = (asList: boolean): void => {
  browserStorage.write("seats-as-list", asList);
  isList.value = asList;
};

const ViewSwitch = () => {
  const t = purchaseTexts();
  return (
    <fieldset class="switch">
      <legend class="visually-hidden">{t.showAs}</legend>
      {[false, true].map((asList) => (
        <label key={String(asList)}>
          <input
            type="radio"
            name="show-as"
            checked={isList.value === asList}
            onChange={() => setList(asList)}
          />
          <span>{asList ? t.list : t.map}</span>
        </label>
      ))}
    </fieldset>
  );
};

/** The selected seats, their price and the button that reserves them. */
export const SelectionBar = ({ store, concert }: { store: SeatStore; concert: Concert }) => {
  const t = purchaseTexts();
  const { value: selected } = store.selected;
  const seats = store.seats.value?.items ?? [];
  const total = seats
    .filter(({ seatNumber }) => selected.includes(seatNumber))
    .reduce((sum, { price }) => sum + price, 0);
  return (
    <div class="basket">
      <p class="grow">
        <span class="soft small selected">
          {selected.length === 0 ? t.none : t.seats(selected)}
        </span>
        <b class="num total">{formatMoney(total, concert.currency)}</b>
      </p>
      <button
        class="button"
        type="button"
        disabled={selected.length === 0 || store.isReserving.value}
        onClick={() => void reserve(store)}
      >
        {t.reserve}
      </button>
    </div>
  );
};

/** Selects a date and seats. */
export const ChooseSeats = ({ store, concert }: { store: SeatStore; concert: Concert }) => {
  const t = purchaseTexts();
  const { value: seats } = store.seats;
  const { currency } = concert;
  if (store.dates.value?.length === 0) {
    const state = store.place.status.value?.queueState;
    const final = { SOLD_OUT: joinTexts().soldOut, ENDED: joinTexts().saleEnded };
    return (
      <p class="note">{state === "SOLD_OUT" || state === "ENDED" ? final[state] : t.noDates}</p>
    );
  }
  return (
    <section class="choosing">
      <div class="stack">
        <div class="row apart">
          <Heading>{t.chooseSeats}</Heading>
          <ViewSwitch />
        </div>
        <Dates store={store} concert={concert} />
        {seats !== null && <GradeLegend seats={seats} currency={currency} />}
      </div>
      <div class="stack">
        {seats === null ? (
          <p class="soft map-space" role="status">
            {store.isUnavailable.value ? t.seatsAway : texts().loading}
          </p>
        ) : isList.value ? (
          <SeatList store={store} seats={seats} currency={currency} />
        ) : (
          <SeatMap store={store} seats={seats} currency={currency} />
        )}
      </div>
    </section>
  );
};
