import type { Concert } from "../../../sdk/generated/index.ts";
import { formatDate, formatMoment, formatMoney } from "../../shared/format.ts";
import { ShopLink } from "./shop-link.tsx";
import { concertTexts } from "./texts.ts";

export const PriceRange = ({
  concert: { priceRange, currency },
}: {
  concert: Pick<Concert, "priceRange" | "currency">;
}) => (
  <>
    {formatMoney(priceRange.min, currency)}
    {priceRange.max !== priceRange.min && ` – ${formatMoney(priceRange.max, currency)}`}
  </>
);

/** Dates, prices and opening time of a concert, and the way to its products, shown before and while the fan waits. */
export const ConcertFacts = ({ concert }: { concert: Concert }) => {
  const t = concertTexts();
  const { timeZone, queue } = concert;
  const moment = (at: string): string => formatMoment(at, timeZone);
  return (
    <div class="stack">
      <dl class="facts">
        <div>
          <dt>{t.dates}</dt>
          {concert.dates.map(({ date, startsAt }) => (
            <dd key={date} class="num">
              {formatDate(date)} {formatMoment(startsAt, timeZone, { timeStyle: "short" })}
            </dd>
          ))}
        </div>
        <div>
          <dt>{t.prices}</dt>
          <dd class="num">
            <PriceRange concert={concert} />
          </dd>
        </div>
        <div>
          <dt>{t.limit}</dt>
          <dd class="num">{t.atMost(concert.maxSeatsPerUser)}</dd>
        </div>
        <div>
          <dt>{t.sale}</dt>
          <dd class="num">{moment(queue.opensAt)}</dd>
          {queue.admitsAt !== null && (
            <dd class="num">
              {t.draw} {moment(queue.admitsAt)}
            </dd>
          )}
          <dd class="soft small">{t.zone(timeZone)}</dd>
        </div>
      </dl>
      <ShopLink concertId={concert.concertId} />
    </div>
  );
};
