import { useState } from "preact/hooks";
import { listConcertsOnSale } from "../../sdk/generated/operator.ts";
import type { ConcertOnSale } from "../../sdk/generated/schemas.ts";
import { Isolated } from "../shared/isolated.tsx";
import { second } from "../shared/clock.ts";
import { Away, formatDates, Part, StateChip } from "./components.tsx";
import { findTexts } from "./find/find-texts.ts";
import { readPages } from "./find/read-pages.ts";
import { allSales, SaleFilterForm, type SaleFilter } from "./find/sale-filter.tsx";
import { UserSearch } from "./find/user-search.tsx";
import { goodsTexts } from "./goods/goods-texts.ts";
import { usePolled } from "./polling.ts";
import { callOperator, may } from "./session.ts";
import { texts } from "./texts.ts";

const pageSize = 50;

const read = (filter: SaleFilter, count: number) =>
  readPages(count, async (cursor) => {
    const { q, state, isArchive } = filter;
    const result = await callOperator(
      listConcertsOnSale,
      {
        limit: String(pageSize),
        archived: isArchive ? "true" : "false",
        ...(q === "" ? {} : { q }),
        ...(state === null ? {} : { state }),
        ...(cursor === undefined ? {} : { cursor }),
      },
      { retry: { triesMax: 1 } },
    );
    return result.ok ? result.value : null;
  });

const SaleItem = ({ concert }: { concert: ConcertOnSale }) => {
  const t = texts();
  return (
    <li class="card row apart sale">
      <div>
        <h2>
          <a href={`/console/${concert.concertId}`} data-in>
            {concert.title}
          </a>
        </h2>
        <p class="soft">
          {concert.venue !== null && `${concert.venue} · `}
          {formatDates(concert.dates)}
        </p>
      </div>
      <span class="row">
        {Date.parse(concert.publishedAt) > second.value * 1_000 && (
          <span class="chip">{t.draft}</span>
        )}
        <StateChip state={concert.queue.state} />
      </span>
    </li>
  );
};

const isFiltered = ({ q, state, isArchive }: SaleFilter): boolean =>
  q !== "" || state !== null || isArchive;

/** The sales, newest first, and the search of users. */
export const List = () => {
  const t = texts();
  const [filter, setFilter] = useState(allSales);
  const [count, setCount] = useState(pageSize);
  const { value, hasFailed } = usePolled(() => read(filter, count), 5_000, [filter, count]);
  return (
    <div class="stack">
      <div class="row apart">
        <h1>{t.concerts}</h1>
        <span class="row">
          <a class="button quiet" href="/console/goods" data-in>
            {goodsTexts().goods}
          </a>
          {may("manage") && (
            <a class="button" href="/console/new" data-in>
              {t.newConcert}
            </a>
          )}
        </span>
      </div>
      <SaleFilterForm
        filter={filter}
        onFilter={(next) => {
          setFilter(next);
          setCount(pageSize);
        }}
      />
      {hasFailed && <Away />}
      {value?.items.length === 0 && !value.hasMore && (
        <p class="note">{isFiltered(filter) ? findTexts().noneFound : t.none}</p>
      )}
      <ul class="stack">
        {value?.items.map((concert) => (
          <Isolated
            key={concert.concertId}
            fallback={<li class="note">{`${concert.title}: ${t.unshown}`}</li>}
          >
            <SaleItem concert={concert} />
          </Isolated>
        ))}
      </ul>
      {value?.hasMore === true && (
        <button class="text-button" type="button" onClick={() => setCount(count + pageSize)}>
          {t.more}
        </button>
      )}
      <Part>
        <UserSearch />
      </Part>
    </div>
  );
};
