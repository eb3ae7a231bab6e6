import { useState } from "preact/hooks";
import { cancelConcert } from "../../sdk/generated/operator.ts";
import type { ConcertOnSale, Stats } from "../../sdk/generated/schemas.ts";
import { formatMoney } from "../shared/format.ts";
import { formatNumber } from "../shared/language.ts";
import { Field, Panel } from "./components.tsx";
import { momentIn } from "./moments.ts";
import { cancelTexts } from "./cancel-texts.ts";
import { callOperator } from "./session.ts";
import { texts } from "./texts.ts";
import { TypeTitle } from "./type-title.tsx";

interface CancelConcertProps {
  readonly concert: ConcertOnSale;
  readonly onChange: () => void;
}

/** Cancels the concert for good, after the operator has given a reason and typed the title. */
export const CancelConcert = ({ concert, onChange }: CancelConcertProps) => {
  const t = cancelTexts();
  const [isCancelling, setCancelling] = useState(false);
  const [reason, setReason] = useState("");
  const { concertId } = concert;
  const done = (): void => {
    setCancelling(false);
    onChange();
  };
  return (
    <Panel title={t.cancelling}>
      <p class="soft">{t.cancellingText}</p>
      <div>
        <button class="button quiet danger" type="button" onClick={() => setCancelling(true)}>
          {t.cancelConcert}
        </button>
      </div>
      {isCancelling && (
        <TypeTitle
          concert={concert}
          title={t.cancelConcert}
          warning={t.cancelWarn}
          submitLabel={t.cancelNow}
          isReady={reason.trim() !== ""}
          ask={() => callOperator(cancelConcert, { concertId, body: { reason: reason.trim() } })}
          onDone={done}
        >
          <Field label={texts().reason} value={reason} onInput={setReason} />
        </TypeTitle>
      )}
    </Panel>
  );
};

/** When the concert was cancelled, and how far its refunds are. */
export const RefundProgress = ({ concert, stats }: { concert: ConcertOnSale; stats: Stats }) => {
  const t = cancelTexts();
  const { cancelledAt, timeZone } = concert;
  const { cancellation, currency } = stats;
  if (cancelledAt === null || cancellation === null) return null;
  const { tickets, ticketsRefunded, amountRefunded, refundedAt } = cancellation;
  const moment = momentIn(timeZone, { dateStyle: "medium", timeStyle: "short" });
  const done = t.ticketsRefunded(
    formatNumber(ticketsRefunded),
    formatNumber(tickets),
    formatMoney(amountRefunded, currency),
  );
  return (
    <section class="note bad stack" aria-label={t.cancelling}>
      <p>
        <b>{t.cancelledOn(moment(cancelledAt))}</b>
      </p>
      <p class="num">{done}</p>
      {refundedAt === null ? (
        <progress value={ticketsRefunded} max={Math.max(1, tickets)} aria-label={t.refunding} />
      ) : (
        <p class="num">{t.refundedOn(moment(refundedAt))}</p>
      )}
    </section>
  );
};
