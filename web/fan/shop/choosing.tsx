import type { Concert } from "../../../sdk/generated/index.ts";
import { browserKeep } from "../../shared/keep.ts";
import { formatDate, formatMoment, formatMoney } from "../../shared/language.ts";
import { signal } from "../../shared/signals.ts";
import { doorWords } from "../door/words.ts";
import { words } from "../words/index.ts";
import { hold, openDate, type Hall } from "./hall.ts";
import { Heading } from "./heading.tsx";
import { Grades, SeatList, SeatMap } from "./seat-map.tsx";
import { shopWords } from "./words.ts";

const isList = signal(browserKeep.read("seats-as-list") === true);

const Dates = ({ hall, concert }: { hall: Hall; concert: Concert }) => {
  const w = shopWords();
  const { value: dates } = hall.dates;
  return (
    <fieldset class="dates">
      <legend class="hidden">{w.chooseDate}</legend>
      {dates?.map(({ date, startsAt, seatsAvailable }) => (
        <label key={date} class="date">
          <input
            type="radio"
            name="date"
            checked={hall.date.value === date}
            onChange={() => openDate(hall, date)}
          />
          <b>{formatDate(date, { month: "short", day: "numeric" })}</b>
          <span class="num small">
            {formatDate(date, { weekday: "short" })}{" "}
            {formatMoment(startsAt, concert.timeZone, { timeStyle: "short" })}
          </span>
          <span class="num small soft">{w.free(String(seatsAvailable))}</span>
        </label>
      ))}
    </fieldset>
  );
};

const setList = (asList: boolean): void => {
  browserKeep.write("seats-as-list", asList);
  isList.value = asList;
};

const Switch = () => {
  const w = shopWords();
  return (
    <fieldset class="switch">
      <legend class="hidden">{w.showAs}</legend>
      {[false, true].map((asList) => (
        <label key={String(asList)}>
          <input
            type="radio"
            name="show-as"
            checked={isList.value === asList}
            onChange={() => setList(asList)}
          />
          <span>{asList ? w.list : w.map}</span>
        </label>
      ))}
    </fieldset>
  );
};

/** What is chosen, what it costs, and the way on. */
export const Basket = ({ hall, concert }: { hall: Hall; concert: Concert }) => {
  const w = shopWords();
  const { value: chosen } = hall.chosen;
  const seats = hall.seats.value?.items ?? [];
  const total = seats
    .filter(({ seatNumber }) => chosen.includes(seatNumber))
    .reduce((sum, { price }) => sum + price, 0);
  return (
    <div class="basket">
      <p class="grow">
        <span class="soft small chosen">{chosen.length === 0 ? w.none : w.seats(chosen)}</span>
        <b class="num total">{formatMoney(total, concert.currency)}</b>
      </p>
      <button
        class="button"
        type="button"
        disabled={chosen.length === 0 || hall.isHolding.value}
        onClick={() => void hold(hall)}
      >
        {w.hold}
      </button>
    </div>
  );
};

/** Choosing a date and seats of it. */
export const Choosing = ({ hall, concert }: { hall: Hall; concert: Concert }) => {
  const w = shopWords();
  const { value: seats } = hall.seats;
  const { currency } = concert;
  if (hall.dates.value?.length === 0) {
    const isOver = hall.place.status.value?.queueState === "SOLD_OUT";
    return <p class="note">{isOver ? doorWords().soldOut : w.noDates}</p>;
  }
  return (
    <section class="choosing">
      <div class="stack">
        <div class="row apart">
          <Heading>{w.chooseSeats}</Heading>
          <Switch />
        </div>
        <Dates hall={hall} concert={concert} />
        {seats !== null && <Grades seats={seats} currency={currency} />}
      </div>
      <div class="stack">
        {seats === null ? (
          <p class="soft map-space" role="status">
            {hall.isAway.value ? w.seatsAway : words().loading}
          </p>
        ) : isList.value ? (
          <SeatList hall={hall} seats={seats} currency={currency} />
        ) : (
          <SeatMap hall={hall} seats={seats} currency={currency} />
        )}
      </div>
    </section>
  );
};
