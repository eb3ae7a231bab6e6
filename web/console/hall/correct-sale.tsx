import { useState } from "preact/hooks";
import { correctConcert } from "../../../sdk/generated/operator.ts";
import type { ConcertOnSale } from "../../../sdk/generated/schemas.ts";
import { formatMoney, parseAmount } from "../../shared/format.ts";
import { amountMessage, typedAmount } from "../amounts.ts";
import { Field, Panel } from "../components.tsx";
import { callOperator, type FieldError } from "../session.ts";
import { texts } from "../texts.ts";
import { CorrectionEnd } from "./correction-end.tsx";
import { saleTexts } from "./sale-texts.ts";
import { useCorrection } from "./use-correction.ts";

/** The typed values. A field that is not touched follows the sale. */
interface Typed {
  readonly title?: string;
  readonly venue?: string;
  readonly prices: Readonly<Record<string, string>>;
}

const nothing: Typed = { prices: {} };

/** The fields that differ from the sale; null when none does. */
const bodyOf = (concert: ConcertOnSale, { title, venue, prices }: Typed) => {
  const grades = concert.grades.flatMap(({ name, price }) => {
    const typed = parseAmount(prices[name] ?? "");
    return typed === null || typed === price ? [] : [{ name, price: typed }];
  });
  const body = {
    ...(title !== undefined && title !== concert.title && { title }),
    ...(venue !== undefined && venue !== (concert.venue ?? "") && { venue }),
    ...(grades.length > 0 && { grades }),
  };
  return Object.keys(body).length === 0 ? null : body;
};

/** Prices that are no amounts. The server cannot see them, because a price is sent in the minor unit. */
const priceErrors = (concert: ConcertOnSale, { prices }: Typed): readonly FieldError[] =>
  concert.grades.flatMap(({ name }, n) =>
    prices[name] !== undefined && parseAmount(prices[name]) === null
      ? [{ pointer: `/grades/${n}/price`, message: amountMessage() }]
      : [],
  );

interface CorrectProps {
  readonly concert: ConcertOnSale;
  readonly onChange: () => void;
}

const Fields = (props: {
  concert: ConcertOnSale;
  typed: Typed;
  errors: readonly FieldError[];
  onType: (typed: Typed) => void;
}) => {
  const [t, s] = [texts(), saleTexts()];
  const { concert, typed, errors, onType } = props;
  return (
    <>
      <div class="grid">
        <Field
          label={t.title}
          value={typed.title ?? concert.title}
          at="/title"
          errors={errors}
          onInput={(title) => onType({ ...typed, title })}
        />
        <Field
          label={t.venue}
          value={typed.venue ?? concert.venue ?? ""}
          at="/venue"
          errors={errors}
          onInput={(venue) => onType({ ...typed, venue })}
        />
      </div>
      <div class="grid">
        {concert.grades.map(({ name, price }, n) => (
          <Field
            key={name}
            label={s.priceOf(name)}
            type="number"
            value={typed.prices[name] ?? typedAmount(price)}
            at={`/grades/${n}/price`}
            errors={errors}
            hint={`${t.now}: ${formatMoney(price, concert.currency)}`}
            onInput={(value) => onType({ ...typed, prices: { ...typed.prices, [name]: value } })}
          />
        ))}
      </div>
    </>
  );
};

/** Corrects title, venue and prices. An operator who is later than another one is told. */
export const CorrectSale = ({ concert, onChange }: CorrectProps) => {
  const s = saleTexts();
  const [typed, setTyped] = useState(nothing);
  const correction = useCorrection(concert, { onSaved: () => setTyped(nothing), onChange });
  const body = bodyOf(concert, typed);
  const wrong = priceErrors(concert, typed);
  const canSave = body !== null && wrong.length === 0;
  const type = (next: Typed): void => {
    correction.touch(typed === nothing);
    setTyped(next);
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!canSave) return;
    const { concertId } = concert;
    void correction.send((version) =>
      callOperator(correctConcert, { concertId, body: { ...body, version } }),
    );
  };
  return (
    <Panel title={s.correct}>
      <form class="stack" noValidate onSubmit={submit}>
        <p class="small soft">{s.correctText}</p>
        <Fields
          concert={concert}
          typed={typed}
          errors={[...wrong, ...correction.errors]}
          onType={type}
        />
        <CorrectionEnd
          id="correct-why"
          label={s.save}
          correction={correction}
          canSave={canSave}
          why={s.unchanged}
        />
      </form>
    </Panel>
  );
};
