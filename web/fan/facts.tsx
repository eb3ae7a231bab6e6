import type { Concert, Queue } from "../../sdk/generated/index.ts";
import { formatDate, formatMoment, formatMoney } from "../shared/language.ts";
import { words } from "./words/index.ts";

const liveStates: readonly string[] = ["OPEN", "LOBBY"];

export const StateChip = ({ state }: { state: Queue["state"] }) => (
  <span class={liveStates.includes(state) ? "chip live" : "chip"}>{words().state[state]}</span>
);

export const Prices = ({
  concert: { priceRange, currency },
}: {
  concert: Pick<Concert, "priceRange" | "currency">;
}) => (
  <>
    {formatMoney(priceRange.min, currency)}
    {priceRange.max !== priceRange.min && ` – ${formatMoney(priceRange.max, currency)}`}
  </>
);

/** What everybody may know of a concert, before and while waiting. */
export const Facts = ({ concert }: { concert: Concert }) => {
  const w = words();
  const { timeZone, queue } = concert;
  const moment = (at: string): string => formatMoment(at, timeZone);
  return (
    <dl class="facts">
      <div>
        <dt>{w.dates}</dt>
        {concert.dates.map(({ date, startsAt }) => (
          <dd key={date} class="num">
            {formatDate(date)} {formatMoment(startsAt, timeZone, { timeStyle: "short" })}
          </dd>
        ))}
      </div>
      <div>
        <dt>{w.prices}</dt>
        <dd class="num">
          <Prices concert={concert} />
        </dd>
      </div>
      <div>
        <dt>{w.sale}</dt>
        <dd class="num">{moment(queue.opensAt)}</dd>
        {queue.admitsAt !== null && (
          <dd class="num">
            {w.draw} {moment(queue.admitsAt)}
          </dd>
        )}
        <dd class="soft small">{w.zone(timeZone)}</dd>
      </div>
    </dl>
  );
};
