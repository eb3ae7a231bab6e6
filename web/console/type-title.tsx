import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Result } from "../../sdk/client.ts";
import type { ConcertOnSale } from "../../sdk/generated/schemas.ts";
import { Dialog, ErrorList, Field } from "./components.tsx";
import { errorsOf, type FieldError } from "./session.ts";
import { useSubmitting } from "./submitting.ts";
import { texts } from "./texts.ts";

interface TypeTitleProps {
  readonly concert: ConcertOnSale;
  readonly title: string;
  readonly warning: string;
  readonly submitLabel: string;
  /** Whether everything else is filled in. */
  readonly isReady?: boolean;
  readonly ask: () => Promise<Result<unknown, string>>;
  readonly onDone: () => void;
  readonly children?: ComponentChildren;
}

/** Asks for something that cannot be undone, once the operator has typed the title of the sale. */
export const TypeTitle = (props: TypeTitleProps) => {
  const t = texts();
  const { concert, title, warning, submitLabel, isReady = true, ask, onDone, children } = props;
  const [typed, setTyped] = useState("");
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const { isBusy, run } = useSubmitting();
  const isConfirmed = isReady && typed.trim() === concert.title;
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!isConfirmed) return;
    void run(async () => {
      const result = await ask();
      if (result.ok) onDone();
      else setErrors(errorsOf(result));
    });
  };
  return (
    <Dialog title={title} onClose={onDone}>
      <form class="stack" onSubmit={submit}>
        <p>{warning}</p>
        {children}
        <Field label={t.typeTitle(concert.title)} value={typed} onInput={setTyped} />
        <ErrorList errors={errors} />
        <div class="row">
          <button class="button quiet" type="button" onClick={onDone}>
            {t.cancel}
          </button>
          <button class="button danger" disabled={!isConfirmed} aria-disabled={isBusy}>
            {submitLabel}
          </button>
        </div>
      </form>
    </Dialog>
  );
};
