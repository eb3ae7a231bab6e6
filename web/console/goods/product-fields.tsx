import { ownCurrency } from "../../shared/format.ts";
import { Field } from "../components.tsx";
import type { FieldError } from "../session.ts";
import { goodsTexts } from "./goods-texts.ts";

/** The facts of a product as the operator types them. */
export interface TypedProduct {
  readonly name: string;
  readonly price: string;
  readonly stock: string;
  readonly perUser: string;
}

export const productFields = ["name", "price", "stock", "perUser"] as const;

/** A whole number as it was typed; the server refuses other text, with its field. */
export const typedNumber = (typed: string): number => (typed.trim() === "" ? NaN : Number(typed));

/** The errors that belong to no field of a product. */
export const otherErrors = (errors: readonly FieldError[]): readonly FieldError[] =>
  errors.filter(({ pointer }) => !productFields.some((name) => pointer === `/${name}`));

interface FieldsProps {
  readonly typed: TypedProduct;
  readonly errors: readonly FieldError[];
  readonly onInput: (change: Partial<TypedProduct>) => void;
}

/** The inputs for the facts of a product that can change. */
export const ProductFields = ({ typed, errors, onInput }: FieldsProps) => {
  const t = goodsTexts();
  const labels = {
    name: t.name,
    price: `${t.price} (${ownCurrency()})`,
    stock: t.stock,
    perUser: t.perUser,
  };
  return (
    <div class="grid">
      {productFields.map((name) => (
        <Field
          key={name}
          label={labels[name]}
          value={typed[name]}
          onInput={(value) => onInput({ [name]: value })}
          at={`/${name}`}
          errors={errors}
          required
        />
      ))}
    </div>
  );
};
