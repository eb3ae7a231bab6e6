import { useState } from "preact/hooks";
import { closeQueue } from "../../sdk/generated/operator.ts";
import type { ConcertOnSale } from "../../sdk/generated/schemas.ts";
import { Dialog, ErrorList, Field } from "./components.tsx";
import { callOperator, errorsOf, type FieldError } from "./session.ts";
import { useSubmitting } from "./submitting.ts";
import { texts } from "./texts.ts";

const CloseDialog = ({ concert, onDone }: { concert: ConcertOnSale; onDone: () => void }) => {
  const t = texts();
  const [typed, setTyped] = useState("");
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const { isBusy, run } = useSubmitting();
  const close = async (): Promise<void> => {
    const { concertId } = concert;
    const result = await callOperator(closeQueue, { concertId });
    if (result.ok) onDone();
    else setErrors(errorsOf(result));
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    if (typed.trim() === concert.title) void run(close);
  };
  return (
    <Dialog title={t.close} onClose={onDone}>
      <form class="stack" onSubmit={submit}>
        <p>{t.closeWarn}</p>
        <Field label={t.typeTitle(concert.title)} value={typed} onInput={setTyped} />
        <ErrorList errors={errors} />
        <div class="row">
          <button class="button quiet" type="button" onClick={onDone}>
            {t.cancel}
          </button>
          <button
            class="button danger"
            disabled={typed.trim() !== concert.title}
            aria-disabled={isBusy}
          >
            {t.closeNow}
          </button>
        </div>
      </form>
    </Dialog>
  );
};

interface CloseSaleProps {
  readonly concert: ConcertOnSale;
  readonly onChange: () => void;
}

/** Closes the sale for good, after the operator has typed its title. */
export const CloseSale = ({ concert, onChange }: CloseSaleProps) => {
  const [isClosing, setClosing] = useState(false);
  const done = (): void => {
    setClosing(false);
    onChange();
  };
  return (
    <div>
      <button class="button quiet danger" type="button" onClick={() => setClosing(true)}>
        {texts().close}
      </button>
      {isClosing && <CloseDialog concert={concert} onDone={done} />}
    </div>
  );
};
