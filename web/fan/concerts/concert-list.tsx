import { useEffect } from "preact/hooks";
import { listConcerts, type ConcertList as ConcertPage } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { syncClock } from "../../shared/clock.ts";
import { formatZoned } from "../../shared/format.ts";
import { locale } from "../../shared/language.ts";
import { PriceRange } from "./concert-facts.tsx";
import { PageHeading, setPageTitle, StateChip } from "../components.tsx";
import { keepFresh } from "../lists/keep-fresh.ts";
import { ListFrame, ListItem } from "../lists/list-frame.tsx";
import { pagedList } from "../lists/paged-list.ts";
import "../join/join.css";
import { concertTexts } from "./texts.ts";

/** The range from the first date to the last. */
const formatDates = (dates: readonly string[]): string => {
  const [first = "", last = first] = [dates[0], dates.at(-1)];
  const format = new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeZone: "UTC" });
  return format.formatRange(Date.parse(first), Date.parse(last));
};

type Item = ConcertPage["items"][number];

const list = pagedList(
  async (query, options) => {
    const result = await api.call(listConcerts, query, options);
    if (result.ok && result.dateMs !== null) syncClock(result.dateMs, true);
    return result;
  },
  ({ concertId }: Item) => concertId,
);

const ConcertCard = ({ concert }: { concert: Item }) => (
  <li>
    <a class="card concert" href={`/concerts/${concert.concertId}`} data-in>
      <span class="row apart">
        <StateChip state={concert.queue.state} />
        <span class="soft small">
          {concert.cancelledAt && concertTexts().cancelled}
          {concert.queue.state === "SCHEDULED" &&
            concertTexts().opens(formatZoned(concert.queue.opensAt, concert.timeZone))}
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
  useEffect(() => keepFresh(list.refresh), []);
  const none = (
    <div class="card stack">
      <p>
        <b>{t.none}</b>
      </p>
      <p class="soft">{t.noneText}</p>
    </div>
  );
  return (
    <div class="stack">
      <PageHeading>{t.listTitle}</PageHeading>
      <ListFrame list={list} empty={none}>
        <ul class="concerts">
          {list.items.value?.map((concert) => (
            <ListItem key={concert.concertId}>
              <ConcertCard concert={concert} />
            </ListItem>
          ))}
        </ul>
      </ListFrame>
      <a class="button quiet" href="/shop" data-in>
        {t.shop}
      </a>
    </div>
  );
};
