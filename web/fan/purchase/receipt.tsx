import { useEffect } from "preact/hooks";
import type { Payment } from "../../../sdk/generated/index.ts";
import { formatMoney } from "../../shared/format.ts";
import { account as signedIn, type Account } from "../account.ts";
import { LoadError } from "../components.tsx";
import { RetryNote } from "../join/retry-note.tsx";
import { joinTexts } from "../join/texts.ts";
import { RecoveryCode } from "../session/recovery.tsx";
import { focusHeading } from "../route.ts";
import { failureText } from "../session/texts.ts";
import { SavePdf } from "./save-pdf.tsx";
import { TicketList } from "./ticket.tsx";
import { ticketsOf } from "./tickets.ts";
import { purchaseTexts } from "./texts.ts";
import "./purchase.css";

const Tick = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <circle cx="12" cy="12" r="12" />
    <path d="m6.500 12.500 4 4 7-8.500" />
  </svg>
);

/** The link to the user's tickets. */
export const ToMine = () => (
  <p>
    <a class="button quiet" href="/me" data-in>
      {purchaseTexts().toMine}
    </a>
  </p>
);

/** The tickets of a payment; nothing until they are read, which takes a moment after the payment. */
const Bought = ({ account, paymentId }: { account: Account; paymentId: string }) => {
  const list = ticketsOf(account);
  const { value: failure } = list.failure;
  useEffect(() => void list.refresh(), [list, paymentId]);
  const tickets = list.items.value?.filter((ticket) => ticket.paymentId === paymentId) ?? [];
  return (
    <>
      {list.isWaiting.value && <RetryNote />}
      {failure !== null && (
        <LoadError text={failureText(failure)} onRetry={() => void list.refresh()} />
      )}
      <TicketList tickets={tickets} />
      {tickets.length > 1 && (
        <p>
          <SavePdf tickets={tickets} text={purchaseTexts().allAsPdf} class="button quiet" />
        </p>
      )}
    </>
  );
};

/** The payment and its tickets. */
export const Receipt = ({ payment }: { payment: Payment }) => {
  const { value: account } = signedIn;
  const t = purchaseTexts();
  const money = (amount: number): string => formatMoney(amount, payment.currency);
  const [title, text] = joinTexts().ended.PAID;
  return (
    <section class="stack">
      <h2 class="done" tabIndex={-1} ref={focusHeading}>
        <Tick />
        {title}
      </h2>
      <div>
        <p>{text}</p>
        <p class="soft num">{t.paidText(money(payment.amount), money(payment.balance))}</p>
      </div>
      {account && (
        <>
          <Bought account={account} paymentId={payment.paymentId} />
          <RecoveryCode account={account} />
        </>
      )}
      <ToMine />
    </section>
  );
};
