import { useState } from "preact/hooks";
import type { Failure } from "../../sdk/client.ts";
import { releaseReservation } from "../../sdk/generated/operator.ts";
import { Dialog, Field } from "./components.tsx";
import { callOperator, refusalText } from "./session.ts";
import { useSubmitting } from "./submitting.ts";
import { texts } from "./texts.ts";

interface ReleaseProps {
  /** The reservation that the operator saw. Its seat may belong to another by the time of the answer. */
  readonly reservationId: string;
  /** The seats by their names. */
  readonly seats: string;
  /** Whether the hold has ended meanwhile. */
  readonly hasEnded: boolean;
  readonly onDone: (isReleased: boolean) => void;
}

/** Asks for a reason and releases a hold. */
export const Release = ({ reservationId, seats, hasEnded, onDone }: ReleaseProps) => {
  const t = texts();
  const [reason, setReason] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const { isBusy, run } = useSubmitting();
  const release = async (): Promise<void> => {
    const result = await callOperator(releaseReservation, { reservationId, body: { reason } });
    if (result.ok) onDone(true);
    else setFailure(result);
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(release);
  };
  return (
    <Dialog title={t.releaseTitle} onClose={() => onDone(false)}>
      <form class="stack" onSubmit={submit}>
        <p>
          <b>{seats}</b>
        </p>
        <p>{t.releaseWarn}</p>
        <Field label={t.reason} value={reason} onInput={setReason} required />
        {(hasEnded || failure !== null) && (
          <p class="note bad" role="alert">
            {hasEnded || failure === null ? t.holdOver : refusalText(failure)}
          </p>
        )}
        <div class="row">
          <button class="button quiet" type="button" onClick={() => onDone(false)}>
            {t.cancel}
          </button>
          <button
            class="button danger"
            disabled={hasEnded || reason.trim() === ""}
            aria-disabled={isBusy}
          >
            {t.releaseNow}
          </button>
        </div>
      </form>
    </Dialog>
  );
};
