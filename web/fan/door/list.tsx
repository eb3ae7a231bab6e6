import { signal } from "../../shared/signals.ts";
import { listConcerts, type ConcertList } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { setClock } from "../../shared/clock.ts";
import { formatMoment, locale } from "../../shared/language.ts";
import { Prices, StateChip } from "../facts.tsx";
import { setTitle, Title, Trouble } from "../parts.tsx";
import { words } from "../words/index.ts";
import "./door.css";
import { GoesOn } from "./goes-on.tsx";
import { doorWords } from "./words.ts";

/** From the first to the last of some dates. */
const formatDates = (dates: readonly string[]): string => {
  const [first = "", last = first] = [dates[0], dates.at(-1)];
  const format = new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeZone: "UTC" });
  return format.formatRange(Date.parse(first), Date.parse(last));
};

type Item = ConcertList["items"][number];

const items = signal<readonly Item[] | null>(null);
const next = signal<string | null>(null);
const failed = signal(false);
/** It was turned away, and is asked for again. */
const isBusy = signal(false);
let isAsked = false;

const load = async (cursor?: string): Promise<void> => {
  isAsked = true;
  failed.value = false;
  const asked = cursor === undefined ? {} : { cursor };
  const onWait = (): void => {
    isBusy.value = true;
  };
  const result = await api.call(listConcerts, asked, { onWait });
  isBusy.value = false;
  if (!result.ok) {
    failed.value = true;
    return;
  }
  if (result.dateMs !== null) setClock(result.dateMs, true);
  items.value = [...(cursor === undefined ? [] : (items.value ?? [])), ...result.value.items];
  next.value = result.value.nextCursor;
};

const Row = ({ concert }: { concert: Item }) => (
  <li>
    <a class="card concert" href={`/concerts/${concert.concertId}`} data-in>
      <span class="row apart">
        <StateChip state={concert.queue.state} />
        <span class="soft small">
          {concert.queue.state === "SCHEDULED" &&
            doorWords().opens(formatMoment(concert.queue.opensAt, concert.timeZone))}
        </span>
      </span>
      <h2>{concert.title}</h2>
      <span class="row apart soft">
        <span>
          {formatDates(concert.dates.map(({ date }) => date))}
          {concert.venue !== null && ` · ${concert.venue}`}
        </span>
        <span class="num">
          <Prices concert={concert} />
        </span>
      </span>
    </a>
  </li>
);

/** Every concert, newest first. */
export const List = () => {
  const w = doorWords();
  setTitle(w.listTitle);
  if (!isAsked) void load();
  return (
    <div class="stack">
      <Title>{w.listTitle}</Title>
      {failed.value && <Trouble text={words().busy} onRetry={() => void load()} />}
      {isBusy.value && <GoesOn />}
      {items.value === null && !failed.value && !isBusy.value && (
        <p class="soft">{words().loading}</p>
      )}
      {items.value?.length === 0 && (
        <div class="card stack">
          <p>
            <b>{w.none}</b>
          </p>
          <p class="soft">{w.noneText}</p>
        </div>
      )}
      <ul class="concerts">
        {items.value?.map((concert) => (
          <Row key={concert.concertId} concert={concert} />
        ))}
      </ul>
      {next.value !== null && (
        <button
          class="button quiet"
          type="button"
          onClick={() => void load(next.value ?? undefined)}
        >
          {w.more}
        </button>
      )}
    </div>
  );
};
