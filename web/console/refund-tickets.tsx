import { useState } from "preact/hooks";
import type { Failure } from "../../sdk/client.ts";
import { refundTickets } from "../../sdk/generated/operator.ts";
import { Dialog, Field } from "./components.tsx";
import { callOperator, refusalText } from "./session.ts";
import { useIntentKey, useSubmitting } from "./submitting.ts";
import { texts } from "./texts.ts";

interface RefundProps {
  readonly concertId: string;
  /** The tickets, or the payments with all of their tickets. At most 100. */
  readonly named:
    | { readonly ticketIds: readonly string[] }
    | { readonly paymentIds: readonly string[] };
  /** The tickets in words. */
  readonly what: string;
  readonly onDone: (isRefunded: boolean) => void;
}

/** Refunds tickets in full with a reason, after a confirmation. */
export const RefundTickets = ({ concertId, named, what, onDone }: RefundProps) => {
  const t = texts();
  const [reason, setReason] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const { isBusy, run } = useSubmitting();
  const { key, renew } = useIntentKey();
  const refund = async (): Promise<void> => {
    const lists = Object.fromEntries(Object.entries(named).map(([name, ids]) => [name, [...ids]]));
    const input = { concertId, body: { ...lists, reason } };
    const result = await callOperator(refundTickets, input, { key });
    if (result.ok) return onDone(true);
    if (result.code === "IDEMPOTENCY_KEY_REUSED") renew();
    setFailure(result);
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(refund);
  };
  return (
    <Dialog title={t.refundTitle} onClose={() => onDone(false)}>
      <form class="stack" onSubmit={submit}>
        <p>
          <b>{what}</b>
        </p>
        <p>{t.refundWarn}</p>
        <Field label={t.reason} value={reason} onInput={setReason} required />
        {failure !== null && (
          <p class="note bad" role="alert">
            {failure.code === "NOT_REFUNDABLE" ? t.refundedBefore : refusalText(failure)}
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
