import type { ConcertOnSale } from "../../sdk/generated/schemas.ts";
import { Field } from "./components.tsx";
import { firstRefundRule, refundRuleOf, type RefundDraft } from "./draft.ts";
import { RuleOfSale } from "./rule-of-sale.tsx";
import type { FieldError } from "./session.ts";
import { texts } from "./texts.ts";

type Rule = ConcertOnSale["policy"]["refunds"];
type Fee = RefundDraft["fees"][number];

interface FieldsProps {
  /** Null: buyers cannot refund their tickets. */
  readonly rule: RefundDraft | null;
  readonly at: string;
  readonly errors: readonly FieldError[];
  readonly onChange: (rule: RefundDraft | null) => void;
}

/** The fees by the days left until the show. */
const Fees = (props: FieldsProps & { readonly rule: RefundDraft }) => {
  const t = texts();
  const { rule, at, errors, onChange } = props;
  const setFees = (fees: readonly Fee[]): void => onChange({ ...rule, fees });
  const set = (n: number, part: Partial<Fee>): void =>
    setFees(rule.fees.map((fee, m) => (m === n ? { ...fee, ...part } : fee)));
  return (
    <>
      {rule.fees.map((fee, n) => (
        <div key={n} class="field-row">
          {(["daysBefore", "percent"] as const).map((name) => (
            <Field
              key={name}
              label={`${t[name]} ${n + 1}`}
              type="number"
              value={fee[name]}
              at={`${at}/fees/${n}/${name}`}
              errors={errors}
              onInput={(value) => set(n, { [name]: value })}
            />
          ))}
          <button
            class="text-button"
            type="button"
            onClick={() => setFees(rule.fees.filter((_, m) => m !== n))}
          >
            {t.remove} <span class="visually-hidden">{`${t.fees} ${n + 1}`}</span>
          </button>
        </div>
      ))}
      <div class="row">
        <button
          class="button quiet"
          type="button"
          onClick={() => setFees([...rule.fees, { daysBefore: "", percent: "" }])}
        >
          {t.addFee}
        </button>
      </div>
    </>
  );
};

/** Whether buyers can refund their tickets, until when, and the fees. */
export const RefundFields = (props: FieldsProps) => {
  const t = texts();
  const { rule, at, errors, onChange } = props;
  return (
    <>
      <label class="field">
        <span class="small">{t.refunds}</span>
        <select
          value={rule === null ? "no" : "yes"}
          onChange={({ currentTarget: { value } }) =>
            onChange(value === "yes" ? firstRefundRule : null)
          }
        >
          <option value="no">{t.noRefunds}</option>
          <option value="yes">{t.someRefunds}</option>
        </select>
      </label>
      {rule !== null && (
        <>
          <Field
            label={t.refundUntil}
            type="number"
            value={rule.until}
            at={`${at}/until`}
            errors={errors}
            onInput={(until) => onChange({ ...rule, until })}
          />
          <Fees {...props} rule={rule} />
        </>
      )}
    </>
  );
};

const typedOf = (rule: Rule): RefundDraft | null =>
  rule === null
    ? null
    : {
        until: String(rule.until),
        fees: rule.fees.map(({ daysBefore, percent }) => ({
          daysBefore: String(daysBefore),
          percent: String(percent),
        })),
      };

/** The rules of a running sale for refunds by buyers. A field that is not typed follows the policy in force. */
export const RefundRule = (props: {
  concert: ConcertOnSale;
  errors: readonly FieldError[];
  isBusy: boolean;
  onApply: (policy: { readonly refunds: Rule }) => void;
}) => {
  const t = texts();
  const { concert, errors, isBusy, onApply } = props;
  return (
    <RuleOfSale<RefundDraft>
      legend={t.refunds}
      applyText={t.applyRefunds}
      inForce={typedOf(concert.policy.refunds)}
      isBusy={isBusy}
      fields={(rule, onChange) => (
        <RefundFields rule={rule} at="/refunds" errors={errors} onChange={onChange} />
      )}
      onApply={(rule) => onApply({ refunds: refundRuleOf(rule) })}
    />
  );
};
