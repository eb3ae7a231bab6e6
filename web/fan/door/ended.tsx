import type { Concert } from "../../../sdk/generated/index.ts";
import { later } from "../later.tsx";
import type { Place } from "../line/place.ts";
import { joinableStates } from "../line/view.ts";
import { Join } from "./join.tsx";
import { doorWords, type Ending } from "./words.ts";

const Bought = later(() => import("../shop/bought.tsx").then((part) => part.Bought));

/** A place that has ended: why, and what now. */
export const Ended = (props: { place: Place; concert: Concert; reason: Ending }) => {
  const { place, concert, reason } = props;
  const w = doorWords();
  const [title, text] = w.ended[reason];
  return (
    <section class="card stack">
      <h2>{title}</h2>
      <p>{text}</p>
      {reason === "PAID" && <Bought concert={concert} />}
      {joinableStates.includes(place.queue.value?.state ?? "") && (
        <Join place={place} label={w.rejoin} />
      )}
    </section>
  );
};
