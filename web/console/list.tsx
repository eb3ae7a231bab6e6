import { listConcertsOnSale } from "../../sdk/generated/operator.ts";
import { second } from "../shared/clock.ts";
import { formatDates, StateChip } from "./components.tsx";
import { usePolled } from "./polling.ts";
import { callOperator } from "./session.ts";
import { texts } from "./texts.ts";

const read = async () => {
  const result = await callOperator(
    listConcertsOnSale,
    { limit: "100" },
    { retry: { triesMax: 1 } },
  );
  return result.ok ? result.value.items : null;
};

/** All sales, newest first. */
export const List = () => {
  const t = texts();
  const { value: concerts, hasFailed } = usePolled(read, 5_000, []);
  return (
    <div class="stack">
      <div class="row apart">
        <h1>{t.concerts}</h1>
        <a class="button" href="/console/new" data-in>
          {t.newConcert}
        </a>
      </div>
      {hasFailed && (
        <p class="note bad" role="alert">
          {t.away}
        </p>
      )}
      {concerts?.length === 0 && <p class="note">{t.none}</p>}
      <ul class="stack">
        {concerts?.map((concert) => (
          <li key={concert.concertId} class="card row apart sale">
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
        ))}
      </ul>
    </div>
  );
};
