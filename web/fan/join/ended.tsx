import type { Concert } from "../../../sdk/generated/index.ts";
import { loadInside } from "../load-inside.ts";
import { lazy } from "../lazy.tsx";
import type { Place } from "../queue/place-store.ts";
import { isFinal, joinableStates } from "../queue/view.ts";
import { Join, ToList } from "./join.tsx";
import { focusHeading } from "../route.ts";
import { joinTexts, type Ending } from "./texts.ts";

const LastPayment = lazy(loadInside, (part) => part.LastPayment);

/** Tells why the place has ended, and what the fan can do. */
export const Ended = (props: { place: Place; concert: Concert; reason: Ending }) => {
  const { place, concert, reason } = props;
  const t = joinTexts();
  const [title, text] = t.ended[reason];
  const isOpen = joinableStates.includes(place.queue.value?.state ?? "") && !isFinal(reason);
  if (reason === "PAID") {
    return (
      <div class="stack">
        {place.turn.value && (
          <LastPayment key={place.turn.value.placeId} turn={place.turn.value} concert={concert} />
        )}
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
      {isOpen && <Join place={place} label={t.rejoin} />}
      {isFinal(reason) && <ToList />}
    </section>
  );
};
