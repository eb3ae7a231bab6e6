import { useEffect, useRef, useState } from "preact/hooks";
import type { Concert } from "../../../sdk/generated/index.ts";
import { formatMoney } from "../../shared/format.ts";
import { formatNumber } from "../../shared/language.ts";
import type { Signal } from "../../shared/signals.ts";
import type { Hall } from "../purchase/hall.ts";
import { reserve } from "../purchase/hold.ts";
import { gradesOf } from "../purchase/seat-names.ts";
import type { SeatStore } from "../purchase/seat-state.ts";
import { seatsMaxIn } from "../purchase/selection.ts";
import { SeatIcon } from "../purchase/seat-icon.tsx";
import { purchaseTexts } from "../purchase/texts.ts";
import { hallTexts } from "./texts.ts";

interface ChoiceProps {
  readonly store: SeatStore;
  readonly hall: Hall;
  readonly currency: string;
  readonly grade: string | null;
  readonly onChoose: (grade: string | null) => void;
}

/** The grades with their prices and what is left, as the legend of the map too. */
const Prices = ({ store, hall, currency, grade, onChoose }: ChoiceProps) => {
  const t = hallTexts();
  return (
    <fieldset class="prices">
      <legend class="small">{t.price}</legend>
      <label class="price">
        <input type="radio" name="price" checked={grade === null} onChange={() => onChoose(null)} />
        <span>{t.anyPrice}</span>
      </label>
      {gradesOf(store, hall).map(({ name, price, rank, free }) => (
        <label key={name} class="price">
          <input
            type="radio"
            name="price"
            checked={grade === name}
            onChange={() => onChoose(name)}
          />
          <SeatIcon grade={rank} appearance="AVAILABLE" text="" />
          <span class="price-text">
            <b>{name}</b>
            <span class="num">{formatMoney(price, currency)}</span>
            <span class="soft num small">
              {free !== undefined &&
                (free === 0 ? t.noneLeft : purchaseTexts().free(formatNumber(free)))}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
};

const Step = (props: { name: string; path: string; isOff: boolean; onUse: () => void }) => (
  <button type="button" aria-label={props.name} disabled={props.isOff} onClick={props.onUse}>
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={props.path} />
    </svg>
  </button>
);

const Count = (props: { count: number; max: number; onCount: (count: number) => void }) => {
  const t = hallTexts();
  const { count, max, onCount } = props;
  return (
    <p class="count" role="group" aria-label={t.count}>
      <span class="small">{t.count}</span>
      <Step name={t.fewer} path="M5 12h14" isOff={count <= 1} onUse={() => onCount(count - 1)} />
      <output class="num" aria-live="polite">
        {count}
      </output>
      <Step
        name={t.more}
        path="M12 5v14M5 12h14"
        isOff={count >= max}
        onUse={() => onCount(count + 1)}
      />
    </p>
  );
};

/**
 * The section in which the server is to look for seats; null for the whole hall. Each choice is a new object, so that
 * a section that is chosen again is shown again.
 */
export type ChosenSection = Signal<{ readonly at: number } | null>;

interface BestSeatsProps {
  readonly store: SeatStore;
  readonly concert: Concert;
  readonly hall: Hall;
  readonly section: ChosenSection;
}

/** Asks the server for the best seats by their number and price. */
export const BestSeats = ({ store, concert, hall, section: chosen }: BestSeatsProps) => {
  const t = hallTexts();
  const max = Math.max(1, seatsMaxIn(store));
  const [count, setCount] = useState(Math.min(2, max));
  const [grade, setGrade] = useState<string | null>(null);
  const [isTogether, setTogether] = useState(false);
  const { value: choice } = chosen;
  const { name: section = null, kind } = hall.plan.sections[choice?.at ?? -1] ?? {};
  const isStanding = kind === "STANDING";
  const form = useRef<HTMLFormElement>(null);
  // Standing places are chosen here, not on the map, which may be a screen away.
  useEffect(() => {
    if (choice === null) return;
    setGrade(null);
    const button = form.current?.querySelector<HTMLElement>("button.wide");
    button?.focus({ preventScroll: true });
    button?.scrollIntoView({ block: "center" });
  }, [choice]);
  const find = (event: Event): void => {
    event.preventDefault();
    const best = {
      count,
      ...(grade !== null && { grade }),
      ...(section !== null && { section }),
      ...(isTogether && count > 1 && !isStanding && { together: true }),
    };
    void reserve(store, { best });
  };
  return (
    <form ref={form} class="card best" onSubmit={find}>
      <h3>{t.best}</h3>
      <p class="soft small">{t.bestText}</p>
      <Count count={count} max={max} onCount={setCount} />
      <Prices
        store={store}
        hall={hall}
        currency={concert.currency}
        grade={grade}
        onChoose={setGrade}
      />
      {section !== null && (
        <p class="row apart">
          <b>{t.inSection(section)}</b>
          <button class="text-button" type="button" onClick={() => (chosen.value = null)}>
            {t.everywhere}
          </button>
        </p>
      )}
      {count > 1 && !isStanding && (
        <label class="row check">
          <input
            type="checkbox"
            checked={isTogether}
            onChange={(event) => setTogether(event.currentTarget.checked)}
          />
          {t.onlyTogether}
        </label>
      )}
      <button class="button wide" aria-disabled={store.isReserving.value}>
        {store.isReserving.value
          ? t.finding
          : (isStanding ? t.findStanding : t.find)(String(count))}
      </button>
    </form>
  );
};
