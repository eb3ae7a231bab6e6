import { refundTickets } from "../../sdk/generated/operator.ts";
import { RefundDialog } from "./refund-dialog.tsx";
import { callOperator, refusalText } from "./session.ts";
import { useIntentKey } from "./submitting.ts";
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
  const { key, renew } = useIntentKey();
  const refund = async (reason: string) => {
    const lists = Object.fromEntries(Object.entries(named).map(([name, ids]) => [name, [...ids]]));
    const input = { concertId, body: { ...lists, reason } };
    const result = await callOperator(refundTickets, input, { key });
    if (!result.ok && result.code === "IDEMPOTENCY_KEY_REUSED") renew();
    return result;
  };
  return (
    <RefundDialog
      title={t.refundTitle}
      what={what}
      warning={t.refundWarn}
      refund={refund}
      refusalOf={(failure) =>
        failure.code === "NOT_REFUNDABLE" ? t.refundedBefore : refusalText(failure)
      }
      onDone={onDone}
    />
  );
};
