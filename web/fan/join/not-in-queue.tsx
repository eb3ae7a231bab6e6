import type { Concert } from "../../../sdk/generated/index.ts";
import type { Place } from "../queue/place-store.ts";
import type { Outside } from "../queue/view.ts";
import { Cancelled, Ended } from "./ended.tsx";
import { joinWhenOpen } from "./join-queue.tsx";
import { Joinable, NotOpen, Over } from "./join.tsx";

/** The page of a fan without a live place: before the sale, during it, or after. */
export const NotInQueue = (props: { place: Place; concert: Concert; view: Outside }) => {
  const { place, concert, view } = props;
  joinWhenOpen(place);
  switch (view.kind) {
    case "not-open":
      return <NotOpen place={place} concert={concert} />;
    case "joinable":
      return place.queue.value && <Joinable place={place} queue={place.queue.value} />;
    case "over":
      return <Over state={view.state} />;
    case "cancelled":
      return <Cancelled />;
    case "ended":
      return <Ended place={place} reason={view.reason} />;
  }
};
