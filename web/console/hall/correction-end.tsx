import { ErrorList } from "../components.tsx";
import { saleTexts } from "./sale-texts.ts";
import type { Correction } from "./use-correction.ts";

/** The end of a form that corrects a sale: the refusal, the outcome and the button. */
export const CorrectionEnd = (props: {
  id: string;
  label: string;
  correction: Correction;
  canSave: boolean;
  /** Why the button does nothing. */
  why: string;
}) => {
  const { id, label, correction, canSave, why } = props;
  const { errors, note, isBusy } = correction;
  return (
    <>
      <ErrorList errors={errors} />
      <p role="status" class={note === "conflict" ? "note bad" : "small"}>
        {note === null ? "" : saleTexts()[note]}
      </p>
      <div class="row">
        <button class="button" aria-disabled={!canSave || isBusy} aria-describedby={id}>
          {label}
        </button>
        <span id={id} class="small soft">
          {canSave ? "" : why}
        </span>
      </div>
    </>
  );
};
