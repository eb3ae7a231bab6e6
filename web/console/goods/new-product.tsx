import { useState } from "preact/hooks";
import { createProduct } from "../../../sdk/generated/operator.ts";
import { parseAmount } from "../../shared/format.ts";
import { amountMessage } from "../amounts.ts";
import { ErrorList, Field, Panel } from "../components.tsx";
import { callOperator, errorsOf, maybeDone, type FieldError } from "../session.ts";
import { useIntentKey, useSubmitting } from "../submitting.ts";
import { goodsTexts } from "./goods-texts.ts";
import { otherErrors, ProductFields, typedNumber } from "./product-fields.tsx";

type Typed = typeof empty;

const empty = { name: "", price: "", stock: "", perUser: "", description: "", requiresTurn: false };

/** The request for a product as it was typed; null when the price is no amount. */
const requestOf = (typed: Typed, concertId: string | null) => {
  const price = parseAmount(typed.price);
  if (price === null) return null;
  const description = typed.description.trim();
  return {
    name: typed.name.trim(),
    price,
    stock: typedNumber(typed.stock),
    perUser: typedNumber(typed.perUser),
    ...(description === "" ? {} : { description }),
    ...(concertId === null ? {} : { concertId, requiresTurn: typed.requiresTurn }),
  };
};

interface NewProductProps {
  /** Null: a product of the house. */
  readonly concertId: string | null;
  readonly onCreated: () => void;
}

/** Puts a product on sale. A request without an answer is sent again with its key, so it makes one product. */
export const NewProduct = ({ concertId, onCreated }: NewProductProps) => {
  const t = goodsTexts();
  const [typed, setTyped] = useState(empty);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [outcome, setOutcome] = useState<string | null>(null);
  const { isBusy, run } = useSubmitting();
  const { key, renew } = useIntentKey();
  const change = (part: Partial<Typed>): void => setTyped((it) => ({ ...it, ...part }));

  const create = async (): Promise<void> => {
    setOutcome(null);
    const body = requestOf(typed, concertId);
    if (body === null) return setErrors([{ pointer: "/price", message: amountMessage() }]);
    const result = await callOperator(createProduct, { body }, { key });
    if (result.ok) {
      renew();
      setErrors([]);
      setTyped(empty);
      setOutcome(t.created(result.value.name));
      return onCreated();
    }
    if (maybeDone.has(result.code)) {
      setErrors([]);
      return setOutcome(t.createUnknown);
    }
    if (result.code === "IDEMPOTENCY_KEY_REUSED") renew();
    setErrors(errorsOf(result));
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(create);
  };
  return (
    <Panel title={concertId === null ? t.newOfHouse : t.newOfConcert}>
      <form class="stack" noValidate onSubmit={submit}>
        <ProductFields typed={typed} errors={errors} onInput={change} />
        <Field
          label={t.description}
          value={typed.description}
          onInput={(description) => change({ description })}
          at="/description"
          errors={errors}
        />
        {concertId !== null && (
          <label class="row check">
            <input
              type="checkbox"
              checked={typed.requiresTurn}
              onChange={({ currentTarget }) => change({ requiresTurn: currentTarget.checked })}
            />
            {t.requiresTurn}
          </label>
        )}
        <ErrorList
          errors={otherErrors(errors).filter(({ pointer }) => pointer !== "/description")}
        />
        <div>
          <button class="button" aria-disabled={isBusy}>
            {t.create}
          </button>
        </div>
        <p role="status" class="small">
          {outcome ?? ""}
        </p>
      </form>
    </Panel>
  );
};
