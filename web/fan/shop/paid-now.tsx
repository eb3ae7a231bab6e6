import type { Concert, Payment } from "../../../sdk/generated/index.ts";
import { formatMoney } from "../../shared/language.ts";
import { doorWords } from "../door/words.ts";
import { takeFocus } from "../route.ts";
import { TicketList } from "./ticket.tsx";
import { shopWords } from "./words.ts";
import "./shop.css";

const Tick = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <circle cx="12" cy="12" r="12" />
    <path d="m6.500 12.500 4 4 7-8.500" />
  </svg>
);

/** What was bought. */
export const PaidNow = ({ payment, concert }: { payment: Payment; concert: Concert }) => {
  const w = shopWords();
  const money = (amount: number): string => formatMoney(amount, payment.currency);
  const [title, text] = doorWords().ended.PAID;
  return (
    <section class="stack">
      <h2 class="done" tabIndex={-1} ref={takeFocus}>
        <Tick />
        {title}
      </h2>
      <div>
        <p>{text}</p>
        <p class="soft num">{w.paidText(money(payment.amount), money(payment.balance))}</p>
      </div>
      <TicketList tickets={payment.tickets} titles={{ [concert.concertId]: concert }} />
      <p>
        <a class="button quiet" href="/me" data-in>
          {w.toMine}
        </a>
      </p>
    </section>
  );
};
