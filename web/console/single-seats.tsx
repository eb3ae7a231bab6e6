import type { ConcertOnSale } from "../../sdk/generated/schemas.ts";
import { texts } from "./texts.ts";

type SingleSeatsRule = Pick<ConcertOnSale["policy"], "singleSeats">;

/** The rule of a running sale for choices that leave a single seat: which is in force, and the other one. */
export const SingleSeats = (props: {
  concert: ConcertOnSale;
  isBusy: boolean;
  onApply: (rule: SingleSeatsRule) => void;
}) => {
  const t = texts();
  const { isBusy, onApply } = props;
  const isRefused = props.concert.policy.singleSeats === "refused";
  return (
    <fieldset class="stack">
      <legend>{t.singleSeats}</legend>
      <p class="small">{isRefused ? t.singleSeatsRefused : t.singleSeatsAllowed}</p>
      <div class="row">
        <button
          class="button quiet"
          type="button"
          aria-disabled={isBusy}
          onClick={() => onApply({ singleSeats: isRefused ? "allowed" : "refused" })}
        >
          {isRefused ? t.allowSingleSeats : t.refuseSingleSeats}
        </button>
      </div>
    </fieldset>
  );
};
