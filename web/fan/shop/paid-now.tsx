import type { Concert, Payment } from "../../../sdk/generated/index.ts";
import { formatMoney } from "../../shared/language.ts";
import { TicketList } from "./ticket.tsx";
import { shopWords } from "./words.ts";

/** What was just bought. */
export const PaidNow = ({ payment, concert }: { payment: Payment; concert: Concert }) => {
  const w = shopWords();
  const money = (amount: number): string => formatMoney(amount, payment.currency);
  return (
    <section class="stack">
      <h2>{w.paid}</h2>
      <p class="num">{w.paidText(money(payment.amount), money(payment.balance))}</p>
      <TicketList tickets={payment.tickets} titles={{ [concert.concertId]: concert }} />
      <p>
        <a class="button quiet" href="/me" data-in>
          {w.toMine}
        </a>
      </p>
    </section>
  );
};
