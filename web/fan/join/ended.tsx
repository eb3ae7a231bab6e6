import { loadInside } from "../load-inside.ts";
import { lazy } from "../lazy.tsx";
import type { Place } from "../queue/place-store.ts";
import { isFinal, isJoinable } from "../queue/view.ts";
import { Join, ToList } from "./join.tsx";
import { focusHeading } from "../route.ts";
import { joinTexts, type Ending } from "./texts.ts";

const LastPayment = lazy(loadInside, (part) => part.LastPayment);

/** Tells that the concert does not take place, and of the refunds. */
export const Cancelled = () => {
  const t = joinTexts();
  return (
    <section class="card stack">
      <h2 tabIndex={-1} ref={focusHeading}>
        {t.cancelled}
      </h2>
      <p>{t.cancelledText}</p>
      <ToList />
    </section>
  );
};

/** Tells why the place has ended, and what the fan can do. */
export const Ended = (props: { place: Place; reason: Ending }) => {
  const { place, reason } = props;
  const t = joinTexts();
  const [title, text] = t.ended[reason];
  const { value: queue } = place.queue;
  const hasList = reason === "SOLD_OUT" && queue?.waitingList === true;
  const isOpen = isJoinable(queue) && (!isFinal(reason) || hasList);
  if (reason === "PAID") {
    return (
      <div class="stack">
        {place.turn.value && <LastPayment key={place.turn.value.placeId} turn={place.turn.value} />}
        {isOpen && <Join place={place} label={t.rejoin} isQuiet />}
      </div>
    );
  }
  return (
    <section class="card stack">
      <h2 tabIndex={-1} ref={focusHeading}>
        {title}
      </h2>
      <p>{text}</p>
      {isOpen && <Join place={place} label={hasList ? t.joinList : t.rejoin} />}
      {isFinal(reason) && <ToList />}
    </section>
  );
};
