import type { Concert, Payment } from "../../../sdk/generated/index.ts";
import { formatMoney } from "../../shared/format.ts";
import { joinTexts } from "../join/texts.ts";
import { account } from "../account.ts";
import { RecoveryCode } from "../session/recovery.tsx";
import { focusHeading } from "../route.ts";
import { TicketList } from "./ticket.tsx";
import { purchaseTexts } from "./texts.ts";
import "./purchase.css";

const Tick = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <circle cx="12" cy="12" r="12" />
    <path d="m6.500 12.500 4 4 7-8.500" />
  </svg>
);

/** The payment and its tickets. */
export const Receipt = ({ payment, concert }: { payment: Payment; concert: Concert }) => {
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
      <TicketList tickets={payment.tickets} titles={{ [concert.concertId]: concert }} />
      {account.value && <RecoveryCode account={account.value} />}
      <p>
        <a class="button quiet" href="/me" data-in>
          {t.toMine}
        </a>
      </p>
    </section>
  );
};
