import type { ConcertOnSale } from "../../sdk/generated/schemas.ts";
import { Field } from "./components.tsx";
import { firstTransferRule, transferRuleOf, type TransferDraft } from "./draft.ts";
import { RuleOfSale } from "./rule-of-sale.tsx";
import type { FieldError } from "./session.ts";
import { texts } from "./texts.ts";

type Rule = ConcertOnSale["policy"]["transfers"];

interface FieldsProps {
  /** Null: no ticket can be passed on. */
  readonly rule: TransferDraft | null;
  readonly at: string;
  readonly errors: readonly FieldError[];
  readonly onChange: (rule: TransferDraft | null) => void;
}

/** Whether tickets can be passed on, until when and how often. */
export const TransferFields = ({ rule, at, errors, onChange }: FieldsProps) => {
  const t = texts();
  return (
    <>
      <label class="field">
        <span class="small">{t.transfers}</span>
        <select
          value={rule === null ? "no" : "yes"}
          onChange={({ currentTarget: { value } }) =>
            onChange(value === "yes" ? firstTransferRule : null)
          }
        >
          <option value="no">{t.noTransfers}</option>
          <option value="yes">{t.someTransfers}</option>
        </select>
      </label>
      {rule !== null && (
        <div class="grid">
          <Field
            label={t.transferUntil}
            type="number"
            value={rule.until}
            at={`${at}/until`}
            errors={errors}
            onInput={(until) => onChange({ ...rule, until })}
          />
          <Field
            label={t.perTicket}
            type="number"
            value={rule.perTicket}
            at={`${at}/perTicket`}
            errors={errors}
            onInput={(perTicket) => onChange({ ...rule, perTicket })}
          />
        </div>
      )}
    </>
  );
};

const typedOf = (rule: Rule): TransferDraft | null =>
  rule === null ? null : { until: String(rule.until), perTicket: String(rule.perTicket) };

/** The rule of a running sale for passing tickets on. A field that is not touched follows the policy in force. */
export const TransferRule = (props: {
  concert: ConcertOnSale;
  errors: readonly FieldError[];
  isBusy: boolean;
  onApply: (policy: { readonly transfers: Rule }) => void;
}) => {
  const t = texts();
  const { concert, errors, isBusy, onApply } = props;
  return (
    <RuleOfSale<TransferDraft>
      legend={t.transfers}
      applyText={t.applyTransfers}
      inForce={typedOf(concert.policy.transfers)}
      isBusy={isBusy}
      fields={(rule, onChange) => (
        <TransferFields rule={rule} at="/transfers" errors={errors} onChange={onChange} />
      )}
      onApply={(rule) => onApply({ transfers: transferRuleOf(rule) })}
    />
  );
};
