import { useState } from "preact/hooks";
import type { ConcertOnSale, PaymentWithRefunds } from "../../../sdk/generated/schemas.ts";
import { formatMoney } from "../../shared/format.ts";
import { placesText } from "../../shared/hall/place-texts.ts";
import { RefundTickets } from "../refund-tickets.tsx";
import { may } from "../session.ts";
import { findTexts } from "./find-texts.ts";

/** Names the refunded amount of a payment; null without one. */
const refundedText = ({ refunded, fees, currency }: PaymentWithRefunds): string | null => {
  const t = findTexts();
  if (refunded === 0) return null;
  const amount = formatMoney(refunded, currency);
  return fees === 0 ? t.refunded(amount) : t.refundedLessFees(amount, formatMoney(fees, currency));
};

/** The refunded amount of a payment, and the refund of the rest where the role may refund. */
export const PaymentRefund = (props: {
  readonly payment: PaymentWithRefunds;
  /** Undefined until it is known. */
  readonly concert: ConcertOnSale | undefined;
  readonly onRefunded: () => void;
}) => {
  const { payment, concert, onRefunded } = props;
  const { paymentId, tickets, refundableTicketIds } = payment;
  const [isRefunding, setRefunding] = useState(false);
  const refundable = tickets.filter(({ ticketId }) => refundableTicketIds.includes(ticketId));
  const refunded = refundedText(payment);
  const [first] = tickets;
  // A cancelled concert refunds its tickets without a request.
  const isCancelled = typeof concert?.cancelledAt === "string";
  const done = (isRefunded: boolean): void => {
    setRefunding(false);
    if (isRefunded) onRefunded();
  };
  return (
    <>
      {refunded !== null && <span class="num">{refunded}</span>}
      {refundable.length > 0 && !isCancelled && may("administer") && (
        <span>
          <button class="button quiet danger" type="button" onClick={() => setRefunding(true)}>
            {findTexts().refundPayment}
          </button>
        </span>
      )}
      {isRefunding && first !== undefined && (
        <RefundTickets
          concertId={first.concertId}
          named={{ paymentIds: [paymentId] }}
          what={placesText(refundable.length > 0 ? refundable : tickets)}
          onDone={done}
        />
      )}
    </>
  );
};
