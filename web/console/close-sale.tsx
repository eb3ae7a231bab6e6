import { useState } from "preact/hooks";
import { closeQueue } from "../../sdk/generated/operator.ts";
import type { ConcertOnSale } from "../../sdk/generated/schemas.ts";
import { cancelTexts } from "./cancel-texts.ts";
import { callOperator } from "./session.ts";
import { texts } from "./texts.ts";
import { TypeTitle } from "./type-title.tsx";

interface CloseSaleProps {
  readonly concert: ConcertOnSale;
  readonly onChange: () => void;
}

/** Closes the sale for good, after the operator has typed its title. */
export const CloseSale = ({ concert, onChange }: CloseSaleProps) => {
  const t = texts();
  const [isClosing, setClosing] = useState(false);
  const { concertId } = concert;
  const done = (): void => {
    setClosing(false);
    onChange();
  };
  return (
    <div>
      <button class="button quiet danger" type="button" onClick={() => setClosing(true)}>
        {t.close}
      </button>
      {isClosing && (
        <TypeTitle
          concert={concert}
          title={t.close}
          warning={cancelTexts().closeWarn}
          submitLabel={cancelTexts().closeNow}
          ask={() => callOperator(closeQueue, { concertId })}
          onDone={done}
        />
      )}
    </div>
  );
};
