import { useState } from "preact/hooks";
import { closeQueue } from "../../sdk/generated/operator.ts";
import type { ConcertOnSale } from "../../sdk/generated/schemas.ts";
import { Dialog, Faults, Field } from "./parts.tsx";
import { ask, faultsOf, type FieldFault } from "./session.ts";
import { words } from "./words.ts";

const Close = ({ concert, onDone }: { concert: ConcertOnSale; onDone: () => void }) => {
  const w = words();
  const [typed, setTyped] = useState("");
  const [faults, setFaults] = useState<readonly FieldFault[]>([]);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (typed.trim() !== concert.title) return;
    const { concertId } = concert;
    const result = await ask(closeQueue, { concertId });
    if (result.ok) onDone();
    else setFaults(faultsOf(result));
  };
  return (
    <Dialog title={w.close} onClose={onDone}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <p>{w.closeWarn}</p>
        <Field label={w.typeTitle(concert.title)} value={typed} onInput={setTyped} />
        <Faults faults={faults} />
        <div class="row">
          <button class="button quiet" type="button" onClick={onDone}>
            {w.cancel}
          </button>
          <button class="button danger" disabled={typed.trim() !== concert.title}>
            {w.closeNow}
          </button>
        </div>
      </form>
    </Dialog>
  );
};

interface ClosingProps {
  readonly concert: ConcertOnSale;
  readonly onChange: () => void;
}

/** Ends the sale, for whoever types its title: that cannot be undone. */
export const Closing = ({ concert, onChange }: ClosingProps) => {
  const [isClosing, setClosing] = useState(false);
  const done = (): void => {
    setClosing(false);
    onChange();
  };
  return (
    <div>
      <button class="button quiet danger" type="button" onClick={() => setClosing(true)}>
        {words().close}
      </button>
      {isClosing && <Close concert={concert} onDone={done} />}
    </div>
  );
};
