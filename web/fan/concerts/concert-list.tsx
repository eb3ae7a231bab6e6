import { signal } from "../../shared/signals.ts";
import { listConcerts, type ConcertList as ConcertPage } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { syncClock } from "../../shared/clock.ts";
import { formatMoment } from "../../shared/format.ts";
import { locale } from "../../shared/language.ts";
import { PriceRange } from "./concert-facts.tsx";
import { LoadError, PageHeading, setPageTitle, StateChip } from "../components.tsx";
import { texts } from "../texts/index.ts";
import "../join/join.css";
import { RetryNote } from "../join/retry-note.tsx";
import { concertTexts } from "./texts.ts";

/** The range from the first date to the last. */
const formatDates = (dates: readonly string[]): string => {
  const [first = "", last = first] = [dates[0], dates.at(-1)];
  const format = new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeZone: "UTC" });
  return format.formatRange(Date.parse(first), Date.parse(last));
};

type Item = ConcertPage["items"][number];

const items = signal<readonly Item[] | null>(null);
const nextCursor = signal<string | null>(null);
const hasFailed = signal(false);
/** The server refused a request for now, and the page asks again. */
const isBusy = signal(false);
let isRequested = false;

const load = async (cursor?: string): Promise<void> => {
  isRequested = true;
  hasFailed.value = false;
  const query = cursor === undefined ? {} : { cursor };
  const onWait = (): void => {
    isBusy.value = true;
  };
  const result = await api.call(listConcerts, query, { onWait });
  isBusy.value = false;
  if (!result.ok) {
    hasFailed.value = true;
    return;
  }
  if (result.dateMs !== null) syncClock(result.dateMs, true);
  items.value = [...(cursor === undefined ? [] : (items.value ?? [])), ...result.value.items];
  nextCursor.value = result.value.nextCursor;
};

const ConcertCard = ({ concert }: { concert: Item }) => (
  <li>
    <a class="card concert" href={`/concerts/${concert.concertId}`} data-in>
      <span class="row apart">
        <StateChip state={concert.queue.state} />
        <span class="soft small">
          {concert.queue.state === "SCHEDULED" &&
            concertTexts().opens(formatMoment(concert.queue.opensAt, concert.timeZone))}
        </span>
      </span>
      <h2>{concert.title}</h2>
      <span class="row apart soft">
        <span>
          {formatDates(concert.dates.map(({ date }) => date))}
          {concert.venue !== null && ` · ${concert.venue}`}
        </span>
        <span class="num">
          <PriceRange concert={concert} />
        </span>
      </span>
    </a>
  </li>
);

/** All concerts, newest first. */
export const ConcertList = () => {
  const t = concertTexts();
  setPageTitle(t.listTitle);
  if (!isRequested) void load();
  return (
    <div class="stack">
      <PageHeading>{t.listTitle}</PageHeading>
      {hasFailed.value && <LoadError text={texts().busy} onRetry={() => void load()} />}
      {isBusy.value && <RetryNote />}
      {items.value === null && !hasFailed.value && !isBusy.value && (
        <p class="soft">{texts().loading}</p>
      )}
      {items.value?.length === 0 && (
        <div class="card stack">
          <p>
            <b>{t.none}</b>
          </p>
          <p class="soft">{t.noneText}</p>
        </div>
      )}
      <ul class="concerts">
        {items.value?.map((concert) => (
          <ConcertCard key={concert.concertId} concert={concert} />
        ))}
      </ul>
      {nextCursor.value !== null && (
        <button
          class="button quiet"
          type="button"
          onClick={() => void load(nextCursor.value ?? undefined)}
        >
          {t.more}
        </button>
      )}
    </div>
  );
};
