import type { Concert } from "../../../sdk/generated/index.ts";
import { browserStorage } from "../../shared/storage.ts";
import { formatDate, formatMoment, formatMoney } from "../../shared/format.ts";
import { formatNumber } from "../../shared/language.ts";
import { signal } from "../../shared/signals.ts";
import { ToList } from "../join/join.tsx";
import { joinTexts } from "../join/texts.ts";
import { texts } from "../texts/index.ts";
import { reserve } from "./hold.ts";
import { NoticeBox } from "./notice.tsx";
import { selectDate } from "./poll-seats.ts";
import { priceOf, seatsText } from "./seat-names.ts";
import type { SeatStore } from "./seat-state.ts";
import { seatsMaxIn, selectedIn } from "./selection.ts";
import { Heading } from "./heading.tsx";
import { GradeLegend, SeatList, SeatMap } from "./seat-map.tsx";
import { purchaseTexts } from "./texts.ts";

export const isList = signal(browserStorage.read("seats-as-list") === true);

/** The choice of a date is kept while the fan looks at another. */
const Chosen = ({ count }: { count: number }) =>
  count === 0 ? null : <b class="num small">{purchaseTexts().chosen(String(count))}</b>;

export const Dates = ({ store, concert }: { store: SeatStore; concert: Concert }) => {
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
            disabled={store.isReserving.value}
            onChange={() => selectDate(store, date)}
          />
          <b>{formatDate(date, { month: "short", day: "numeric" })}</b>
          <span class="num small">
            {formatDate(date, { weekday: "short" })}{" "}
            {formatMoment(startsAt, concert.timeZone, { timeStyle: "short" })}
          </span>
          <span class="num small soft">{t.free(formatNumber(seatsAvailable))}</span>
          <Chosen count={store.choices.value[date]?.length ?? 0} />
        </label>
      ))}
    </fieldset>
  );
};

const setList = (asList: boolean): void => {
  browserStorage.write("seats-as-list", asList);
  isList.value = asList;
};

export const ViewSwitch = () => {
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
  const selected = selectedIn(store);
  const { value: notice } = store.notice;
  const total = selected.reduce((sum, seatNumber) => sum + priceOf(store, seatNumber), 0);
  return (
    <div class="basket">
      <p class="grow">
        {/* The message below the map tells it to screen readers; it may be out of sight. */}
        {notice?.kind === "lost" && (
          <b class="small selected" aria-hidden="true">
            {t.taken(seatsText(store, notice.seatNumbers))}
          </b>
        )}
        <span class="soft small selected">
          {selected.length === 0 ? t.none : seatsText(store, selected)}
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

/** Stands in place of seats that have not loaded, or do not load for now. */
export const SeatsMissing = ({ store }: { store: SeatStore }) => (
  <p class="soft map-space" role="status">
    {store.isUnavailable.value ? purchaseTexts().seatsAway : texts().loading}
  </p>
);

/** How many seats one person may have, before the fan chooses. */
export const Limit = ({ store, concert }: { store: SeatStore; concert: Concert }) => {
  const t = purchaseTexts();
  const { value: owned } = store.owned;
  return (
    <p class="soft small">
      {t.limitIs(concert.maxSeatsPerUser)}
      {owned > 0 && ` ${t.ownedAre(owned)}`}
      {seatsMaxIn(store) < concert.maxSeatsPerUser && ` ${t.nowAtMost(seatsMaxIn(store))}`}
    </p>
  );
};

/** States of a queue in which an admitted fan can buy nothing any more. */
const soldStates = ["SOLD_OUT", "ENDED"] as const;
type SoldState = (typeof soldStates)[number];

/** The state in which the fan can choose nothing any more; null while a seat may come. */
export const soldStateOf = ({ place }: SeatStore): SoldState | null =>
  soldStates.find((state) => state === place.status.value?.queueState) ?? null;

/** Nothing can be chosen: why, and the way on. */
const NothingFree = ({ store }: { store: SeatStore }) => {
  const state = soldStateOf(store);
  if (state === null) return <p class="note">{purchaseTexts().noDates}</p>;
  return (
    <section class="card stack">
      <Heading>{texts().state[state]}</Heading>
      <p>{state === "ENDED" ? joinTexts().saleEnded : joinTexts().soldOut}</p>
      <ToList />
    </section>
  );
};

/** Selects a date and seats. */
export const ChooseSeats = ({ store, concert }: { store: SeatStore; concert: Concert }) => {
  const t = purchaseTexts();
  const { currency } = concert;
  if (store.dates.value?.length === 0 || soldStateOf(store) !== null)
    return <NothingFree store={store} />;
  const { value: hall } = store.hall;
  const { value: View } = store.sectionsView;
  if (hall !== null && View !== null) return <View store={store} concert={concert} hall={hall} />;
  return (
    <section class="choosing">
      <div class="stack">
        <div class="row apart">
          <Heading>{t.chooseSeats}</Heading>
          <ViewSwitch />
        </div>
        <Limit store={store} concert={concert} />
        <Dates store={store} concert={concert} />
        {hall !== null && <GradeLegend store={store} hall={hall} currency={currency} />}
      </div>
      <div class="stack">
        {hall === null || hall.statuses.value === null ? (
          <SeatsMissing store={store} />
        ) : isList.value ? (
          <SeatList store={store} hall={hall} currency={currency} />
        ) : (
          <SeatMap store={store} hall={hall} currency={currency} />
        )}
        <NoticeBox store={store} isAbove={false} />
      </div>
    </section>
  );
};
