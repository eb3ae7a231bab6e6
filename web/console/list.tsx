import { listConcertsOnSale } from "../../sdk/generated/operator.ts";
import { shownDates, StateChip } from "./parts.tsx";
import { usePolled } from "./polled.ts";
import { ask } from "./session.ts";
import { words } from "./words.ts";

const read = async () => {
  const result = await ask(listConcertsOnSale, { limit: "100" }, { patience: { triesMax: 1 } });
  return result.ok ? result.value.items : null;
};

/** All sales, newest first. */
export const List = () => {
  const w = words();
  const { value: concerts, isAway } = usePolled(read, 5_000, []);
  return (
    <div class="stack">
      <div class="row apart">
        <h1>{w.concerts}</h1>
        <a class="button" href="/console/new" data-in>
          {w.newConcert}
        </a>
      </div>
      {isAway && (
        <p class="note bad" role="alert">
          {w.away}
        </p>
      )}
      {concerts?.length === 0 && <p class="note">{w.none}</p>}
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
                {shownDates(concert.dates)}
              </p>
            </div>
            <StateChip state={concert.queue.state} />
          </li>
        ))}
      </ul>
    </div>
  );
};
