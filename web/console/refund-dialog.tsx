import { useState } from "preact/hooks";
import type { Failure } from "../../sdk/client.ts";
import { Dialog, Field } from "./components.tsx";
import { useSubmitting } from "./submitting.ts";
import { texts } from "./texts.ts";

interface RefundDialogProps {
  readonly title: string;
  /** The refunded things in words. */
  readonly what: string;
  readonly warning: string;
  readonly refund: (reason: string) => Promise<{ readonly ok: true } | Failure>;
  readonly refusalOf: (failure: Failure) => string;
  readonly onDone: (isRefunded: boolean) => void;
}

/** Asks for a reason, and refunds. After a refusal the operator can try again. */
export const RefundDialog = (props: RefundDialogProps) => {
  const t = texts();
  const { title, what, warning, refund, refusalOf, onDone } = props;
  const [reason, setReason] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const { isBusy, run } = useSubmitting();
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(async () => {
      const result = await refund(reason);
      if (result.ok) onDone(true);
      else setFailure(result);
    });
  };
  return (
    <Dialog title={title} onClose={() => onDone(false)}>
      <form class="stack" onSubmit={submit}>
        <p>
          <b>{what}</b>
        </p>
        <p>{warning}</p>
        <Field label={t.reason} value={reason} onInput={setReason} required />
        {failure !== null && (
          <p class="note bad" role="alert">
            {refusalOf(failure)}
          </p>
        )}
        <div class="row">
          <button class="button quiet" type="button" onClick={() => onDone(false)}>
            {t.cancel}
          </button>
          <button class="button danger" disabled={reason.trim() === ""} aria-disabled={isBusy}>
            {t.refundNow}
          </button>
        </div>
      </form>
    </Dialog>
  );
};
