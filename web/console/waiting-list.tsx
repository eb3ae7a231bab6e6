import type { ConcertOnSale } from "../../sdk/generated/schemas.ts";
import { texts } from "./texts.ts";

/** The waiting list of a running sale: whether it has one, and the switch. */
export const WaitingList = (props: {
  concert: ConcertOnSale;
  isBusy: boolean;
  onApply: (rule: Pick<ConcertOnSale["policy"], "waitingList">) => void;
}) => {
  const t = texts();
  const { isBusy, onApply } = props;
  const { waitingList } = props.concert.policy;
  return (
    <fieldset class="stack">
      <legend>{t.waitingList}</legend>
      <p class="small">{waitingList ? t.waitingListOn : t.waitingListOff}</p>
      <div class="row">
        <button
          class="button quiet"
          type="button"
          aria-disabled={isBusy}
          onClick={() => onApply({ waitingList: !waitingList })}
        >
          {waitingList ? t.turnListOff : t.turnListOn}
        </button>
      </div>
    </fieldset>
  );
};
