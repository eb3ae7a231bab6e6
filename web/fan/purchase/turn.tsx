import type { QueueStatus } from "../../../sdk/generated/index.ts";
import { Countdown } from "../components.tsx";
import { enter, type Place } from "../queue/place-store.ts";
import { startNewView } from "../route.ts";
import { texts } from "../texts/index.ts";
import { Heading } from "./heading.tsx";
import { purchaseTexts } from "./texts.ts";
import "./purchase.css";

/** The fan is admitted and has to enter before the slot lapses. */
export const Turn = ({ place, status }: { place: Place; status: QueueStatus }) => {
  const t = purchaseTexts();
  const isListed = (place.queue.value?.waitlisted ?? null) !== null;
  const goIn = (): void => {
    startNewView();
    enter(place);
  };
  return (
    <section class="card stack is-turn">
      <Heading>{texts().turn}</Heading>
      <p>{isListed ? t.turnOnList : texts().turnText}</p>
      <p>
        {t.claim}
        <span class="huge">
          {status.expiresAt !== null && <Countdown untilMs={Date.parse(status.expiresAt)} />}
        </span>
      </p>
      <button class="button wide" type="button" onClick={goIn}>
        {t.enter}
      </button>
      <button class="text-button" type="button" onClick={() => (place.isLeaving.value = true)}>
        {texts().leave}
      </button>
    </section>
  );
};
