import type { Concert, Reservation } from "../../../sdk/generated/index.ts";
import { formatDate, formatMoment, formatMoney } from "../../shared/language.ts";
import { signal } from "../../shared/signals.ts";
import { Ask } from "../door/ask.tsx";
import { Charge } from "../money/charge.tsx";
import { loadWallet, wallet } from "../money/wallet.ts";
import { words } from "../words/index.ts";
import type { Hall } from "./hall.ts";
import { Heading } from "./heading.tsx";
import { giveBack, isAsking, isPaying, pay } from "./purchase.ts";
import { shopWords } from "./words.ts";

const isGivingBack = signal(false);

const Queue = ({ name, value, strong }: { name: string; value: string; strong?: boolean }) => (
  <div class={strong === true ? "line strong" : "line"}>
    <dt>{name}</dt>
    <dd class="num">{value}</dd>
  </div>
);

const GiveBack = ({ hall }: { hall: Hall }) => {
  const w = shopWords();
  const close = (): void => {
    isGivingBack.value = false;
  };
  return (
    <>
      <button
        class="text-button"
        type="button"
        disabled={isPaying.value}
        onClick={() => (isGivingBack.value = true)}
      >
        {w.giveBack}
      </button>
      {isGivingBack.value && (
        <Ask
          title={w.giveBackAsk}
          text={w.giveBackText}
          yes={w.giveBack}
          no={w.keep}
          onClose={close}
          onYes={() => {
            close();
            void giveBack(hall);
          }}
        />
      )}
    </>
  );
};

interface Sum {
  readonly hall: Hall;
  readonly reservation: Reservation;
  readonly balance: number;
}

/** What it costs, and what that leaves. */
const Sums = ({ reservation, balance }: Omit<Sum, "hall">) => {
  const w = shopWords();
  const { amount, currency } = reservation;
  const money = (value: number): string => formatMoney(value, currency);
  return (
    <dl>
      <Queue name={w.price} value={money(amount)} strong />
      <Queue name={w.balance} value={money(balance)} />
      {amount > balance ? (
        <Queue name={w.short} value={money(amount - balance)} strong />
      ) : (
        <Queue name={w.after} value={money(balance - amount)} />
      )}
    </dl>
  );
};

const Paying = ({ hall, reservation, balance }: Sum) => {
  const w = shopWords();
  const { amount, currency } = reservation;
  const money = (value: number): string => formatMoney(value, currency);
  const missing = Math.max(0, amount - balance);
  return (
    <>
      {missing > 0 ? (
        <>
          <p>{w.shortText(money(missing))}</p>
          <Charge missing={missing} isShort />
        </>
      ) : (
        <button
          class="button wide"
          type="button"
          aria-disabled={isPaying.value}
          onClick={() => void pay(hall)}
        >
          {isPaying.value ? w.paying : w.pay(money(amount))}
        </button>
      )}
      <p role="status" class="note" hidden={!isAsking.value}>
        {isAsking.value && w.asking}
      </p>
    </>
  );
};

const Held = ({ concert, reservation }: { concert: Concert; reservation: Reservation }) => {
  const { date, seatNumbers } = reservation;
  const startsAt = concert.dates.find((show) => show.date === date)?.startsAt;
  return (
    <p>
      <b class="total">{shopWords().seats(seatNumbers)}</b>
      <br />
      {formatDate(date, { dateStyle: "full" })}{" "}
      {startsAt !== undefined && formatMoment(startsAt, concert.timeZone, { timeStyle: "short" })}
      <br />
      <span class="soft">{concert.venue}</span>
    </p>
  );
};

/** Paying what is held, from the balance. */
export const Checkout = (props: { hall: Hall; concert: Concert; reservation: Reservation }) => {
  const w = shopWords();
  const { hall, concert, reservation } = props;
  const balance = wallet.value?.balance ?? null;
  if (balance === null) void loadWallet();
  return (
    <section class="card checkout">
      <Heading>{w.checkout}</Heading>
      <div class="stack">
        <Held concert={concert} reservation={reservation} />
        {balance !== null && <Sums reservation={reservation} balance={balance} />}
      </div>
      <div class="stack">
        {balance === null ? (
          <p class="soft">{words().loading}</p>
        ) : (
          <Paying hall={hall} reservation={reservation} balance={balance} />
        )}
        <GiveBack hall={hall} />
        <p class="soft small">{w.holdText}</p>
      </div>
    </section>
  );
};
