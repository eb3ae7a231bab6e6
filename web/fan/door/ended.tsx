import type { Concert } from "../../../sdk/generated/index.ts";
import { later } from "../later.tsx";
import type { Place } from "../queue/place.ts";
import { joinableStates } from "../queue/view.ts";
import { Join, ToList } from "./join.tsx";
import { doorWords, type Ending } from "./words.ts";

const Bought = later(() => import("../shop/bought.tsx").then((part) => part.Bought));

const final: readonly string[] = ["SOLD_OUT", "CLOSED"];

/** A place that has ended: why, and what now. */
export const Ended = (props: { place: Place; concert: Concert; reason: Ending }) => {
  const { place, concert, reason } = props;
  const w = doorWords();
  const [title, text] = w.ended[reason];
  const isOpen = joinableStates.includes(place.queue.value?.state ?? "") && !final.includes(reason);
  if (reason === "PAID") {
    return (
      <div class="stack">
        <Bought concert={concert} />
        {isOpen && <Join place={place} label={w.rejoin} isQuiet />}
      </div>
    );
  }
  return (
    <section class="card stack">
      <h2>{title}</h2>
      <p>{text}</p>
      {isOpen && <Join place={place} label={w.rejoin} />}
      {final.includes(reason) && <ToList />}
    </section>
  );
};
