import type { ConcertOnSale } from "../../sdk/generated/schemas.ts";
import { strictNumbers } from "./draft.ts";
import { texts } from "./texts.ts";

const names = ["holdsPerUser", "holdCooldownSeconds", "idleSeconds"] as const;
type Limits = Readonly<Record<(typeof names)[number], number>>;

const strict: Limits = {
  holdsPerUser: Number(strictNumbers.holdsPerUser),
  holdCooldownSeconds: Number(strictNumbers.holdCooldownSeconds),
  idleSeconds: Number(strictNumbers.idleSeconds),
};
const off: Limits = { holdsPerUser: 0, holdCooldownSeconds: 0, idleSeconds: 0 };

const isSame = (policy: Limits, limits: Limits): boolean =>
  names.every((name) => policy[name] === limits[name]);

/** The limits against holding without paying of a running sale: what is in force, and the strict ones or none. */
export const StrictLimits = (props: {
  concert: ConcertOnSale;
  isBusy: boolean;
  onApply: (limits: Limits) => void;
}) => {
  const t = texts();
  const { concert, isBusy, onApply } = props;
  const { policy } = concert;
  const isStrict = isSame(policy, strict);
  return (
    <fieldset class="stack">
      <legend>{t.holdLimits}</legend>
      <p class="small num">{names.map((name) => `${t[name]}: ${policy[name]}`).join(" · ")}</p>
      <div class="row">
        {[strict, off].map((limits) => (
          <button
            key={limits.holdsPerUser}
            class="button quiet"
            type="button"
            disabled={isSame(policy, limits)}
            aria-disabled={isBusy}
            onClick={() => onApply(limits)}
          >
            {limits === strict ? t.strict : t.noHoldLimits}
          </button>
        ))}
      </div>
      {isStrict && <p class="small soft">{t.strictNote}</p>}
    </fieldset>
  );
};
