import type { Concert } from "../../../sdk/generated/index.ts";
import type { Place } from "../queue/place.ts";
import type { Outside } from "../queue/view.ts";
import { Ended } from "./ended.tsx";
import { joinWhenOpen } from "./join-queue.tsx";
import { Joinable, NotOpen, Over } from "./join.tsx";

/** Who stands in no queue: before it, beside it, or after it. */
export const Door = (props: { place: Place; concert: Concert; view: Outside }) => {
  const { place, concert, view } = props;
  joinWhenOpen(place);
  switch (view.kind) {
    case "not-open":
      return <NotOpen place={place} concert={concert} />;
    case "joinable":
      return place.queue.value && <Joinable place={place} queue={place.queue.value} />;
    case "over":
      return <Over state={view.state} />;
    case "ended":
      return <Ended place={place} concert={concert} reason={view.reason} />;
  }
};
