import { useState } from "preact/hooks";
import { correctProduct } from "../../../sdk/generated/operator.ts";
import type { OperatorProduct } from "../../../sdk/generated/schemas.ts";
import { parseAmount } from "../../shared/format.ts";
import { amountMessage, typedAmount } from "../amounts.ts";
import { Dialog, ErrorList } from "../components.tsx";
import { callOperator, errorsOf, type FieldError } from "../session.ts";
import { useSubmitting } from "../submitting.ts";
import { texts } from "../texts.ts";
import { goodsTexts } from "./goods-texts.ts";
import {
  otherErrors,
  ProductFields,
  productFields,
  typedNumber,
  type TypedProduct,
} from "./product-fields.tsx";

const typedOf = ({ name, price, stock, perUser }: OperatorProduct): TypedProduct => ({
  name,
  price: typedAmount(price),
  stock: String(stock),
  perUser: String(perUser),
});

const factsOf = ({ name, price, stock, perUser }: TypedProduct) => ({
  name: name.trim(),
  price: parseAmount(price) ?? NaN,
  stock: typedNumber(stock),
  perUser: typedNumber(perUser),
});

interface ChangeProps {
  /** As it was chosen: another operator may change it meanwhile. */
  readonly product: OperatorProduct;
  readonly onDone: (isChanged: boolean) => void;
}

/** Changes facts of a product. Only what the operator has changed is sent, so other values keep a change by another. */
export const ChangeProduct = ({ product, onDone }: ChangeProps) => {
  const t = goodsTexts();
  const [before] = useState(() => typedOf(product));
  const [typed, setTyped] = useState(before);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const { isBusy, run } = useSubmitting();
  const changed = productFields.filter((name) => typed[name] !== before[name]);
  const save = async (): Promise<void> => {
    if (changed.length === 0) return setErrors([{ pointer: "", message: t.unchanged }]);
    const facts = factsOf(typed);
    if (changed.includes("price") && Number.isNaN(facts.price))
      return setErrors([{ pointer: "/price", message: amountMessage() }]);
    const body = Object.fromEntries(changed.map((name) => [name, facts[name]])) as Partial<
      typeof facts
    >;
    const { productId } = product;
    const result = await callOperator(correctProduct, { productId, body });
    if (result.ok) return onDone(true);
    setErrors(errorsOf(result));
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(save);
  };
  return (
    <Dialog title={t.changeTitle} onClose={() => onDone(false)}>
      <form class="stack" noValidate onSubmit={submit}>
        <p>
          <b>{product.name}</b>
        </p>
        <p class="small soft">{t.changeText}</p>
        <ProductFields
          typed={typed}
          errors={errors}
          onInput={(change) => setTyped((it) => ({ ...it, ...change }))}
        />
        <ErrorList errors={otherErrors(errors)} />
        <div class="row">
          <button class="button quiet" type="button" onClick={() => onDone(false)}>
            {texts().cancel}
          </button>
          <button class="button" aria-disabled={isBusy}>
            {t.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
};
