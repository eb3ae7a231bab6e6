import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

/** A rule of a running sale, which is applied as a whole. Until a field is touched it is the rule in force; null: none. */
export const RuleOfSale = <Draft,>(props: {
  legend: string;
  applyText: string;
  inForce: Draft | null;
  isBusy: boolean;
  fields: (rule: Draft | null, onChange: (next: Draft | null) => void) => ComponentChildren;
  onApply: (rule: Draft | null) => void;
}) => {
  const { legend, applyText, inForce, isBusy, fields, onApply } = props;
  const [typed, setTyped] = useState<{ readonly rule: Draft | null } | null>(null);
  const { rule } = typed ?? { rule: inForce };
  const isChanged = JSON.stringify(rule) !== JSON.stringify(inForce);
  return (
    <fieldset class="stack">
      <legend>{legend}</legend>
      {fields(rule, (next) => setTyped({ rule: next }))}
      <div class="row">
        <button
          class="button quiet"
          type="button"
          disabled={!isChanged}
          aria-disabled={isBusy}
          onClick={() => onApply(rule)}
        >
          {applyText}
        </button>
      </div>
    </fieldset>
  );
};
