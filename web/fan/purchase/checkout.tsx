import type { Concert, Reservation } from "../../../sdk/generated/index.ts";
import { formatDate, formatMoment, formatMoney } from "../../shared/format.ts";
import { placesText } from "../../shared/hall/place-texts.ts";
import { useEffect, useState } from "preact/hooks";
import { ConfirmDialog } from "../join/confirm-dialog.tsx";
import { Charge } from "../wallet/charge.tsx";
import type { Account } from "../account.ts";
import { walletOf } from "../wallet/wallet.ts";
import { texts } from "../texts/index.ts";
import type { SeatStore } from "./seat-state.ts";
import { LoadError } from "../components.tsx";
import { keepFresh } from "../lists/keep-fresh.ts";
import { SessionEnded } from "../session/recovery.tsx";
import { failureText } from "../session/texts.ts";
import { refreshReservation } from "./hold.ts";
import { Heading } from "./heading.tsx";
import { NoticeBox } from "./notice.tsx";
import { cancelHold, pay, paymentOf } from "./payment.ts";
import { purchaseTexts } from "./texts.ts";

const AmountRow = ({ name, value, strong }: { name: string; value: string; strong?: boolean }) => (
  <div class={strong === true ? "amount-row strong" : "amount-row"}>
    <dt>{name}</dt>
    <dd class="num">{value}</dd>
  </div>
);

const CancelHold = ({ store }: { store: SeatStore }) => {
  const t = purchaseTexts();
  const [isCancelling, setCancelling] = useState(false);
  const close = (): void => setCancelling(false);
  return (
    <>
      <button
        class="text-button"
        type="button"
        disabled={paymentOf(store.turn).isPaying.value}
        onClick={() => setCancelling(true)}
      >
        {t.cancelHold}
      </button>
      {isCancelling && (
        <ConfirmDialog
          title={t.cancelHoldTitle}
          text={t.cancelHoldText}
          yes={t.cancelHold}
          no={t.keep}
          onClose={close}
          onYes={() => {
            close();
            void cancelHold(store);
          }}
        />
      )}
    </>
  );
};

interface PaymentProps {
  readonly store: SeatStore;
  readonly account: Account;
  readonly reservation: Reservation;
  readonly balance: number;
}

/** The price, the balance, and what remains or is missing. */
const Amounts = ({ reservation, balance }: Omit<PaymentProps, "store" | "account">) => {
  const t = purchaseTexts();
  const { amount, currency } = reservation;
  const money = (value: number): string => formatMoney(value, currency);
  return (
    <dl>
      <AmountRow name={t.price} value={money(amount)} strong />
      <AmountRow name={t.balance} value={money(balance)} />
      {amount > balance ? (
        <AmountRow name={t.short} value={money(amount - balance)} strong />
      ) : (
        <AmountRow name={t.after} value={money(balance - amount)} />
      )}
    </dl>
  );
};

const PaymentForm = ({ store, account, reservation, balance }: PaymentProps) => {
  const t = purchaseTexts();
  const { isPaying, isRetrying } = paymentOf(store.turn);
  const { amount, currency } = reservation;
  const money = (value: number): string => formatMoney(value, currency);
  const missing = Math.max(0, amount - balance);
  return (
    <>
      {missing > 0 ? (
        <>
          <p>{t.shortText(money(missing))}</p>
          <Charge account={account} missing={missing} isShort />
        </>
      ) : (
        <button
          class="button wide"
          type="button"
          aria-disabled={isPaying.value}
          onClick={() => void pay(store)}
        >
          {isPaying.value ? t.paying : t.pay(money(amount))}
        </button>
      )}
      <p role="status" class="note" hidden={!isRetrying.value}>
        {isRetrying.value && t.payAsking}
      </p>
    </>
  );
};

const HeldSeats = ({ concert, reservation }: { concert: Concert; reservation: Reservation }) => {
  const { date, seats, together } = reservation;
  const startsAt = concert.dates.find((show) => show.date === date)?.startsAt;
  return (
    <p>
      <b class="total">{placesText(seats)}</b>
      <br />
      {formatDate(date, { dateStyle: "full" })}{" "}
      {startsAt !== undefined && formatMoment(startsAt, concert.timeZone, { timeStyle: "short" })}
      <br />
      <span class="soft">{concert.venue}</span>
      {!together && seats.some(({ section }) => section !== null) && (
        <>
          <br />
          <span class="small">{purchaseTexts().apart}</span>
        </>
      )}
    </p>
  );
};

/** Pays a held reservation from the balance. */
export const Checkout = (props: {
  store: SeatStore;
  concert: Concert;
  reservation: Reservation;
}) => {
  const t = purchaseTexts();
  const { store, concert, reservation } = props;
  const { account } = store.turn;
  const wallet = walletOf(account);
  const balance = wallet.balance.value?.balance ?? null;
  const { value: failure } = wallet.loadFailure;
  useEffect(() => {
    // Another tab may have charged the balance, or paid or released the seats.
    const load = (): void => {
      void wallet.load();
      void refreshReservation(store, reservation.reservationId);
    };
    return keepFresh(load);
  }, [wallet, reservation.reservationId]);
  return (
    <section class="card checkout">
      <Heading>{t.checkout}</Heading>
      <div class="stack">
        <HeldSeats concert={concert} reservation={reservation} />
        {balance !== null && <Amounts reservation={reservation} balance={balance} />}
      </div>
      <div class="stack">
        <SessionEnded account={account} />
        {balance === null && failure !== null && !account.isEnded.value && (
          <LoadError text={failureText(failure)} onRetry={() => void wallet.load()} />
        )}
        {balance === null ? (
          failure === null && <p class="soft">{texts().loading}</p>
        ) : (
          <PaymentForm
            store={store}
            account={account}
            reservation={reservation}
            balance={balance}
          />
        )}
        <NoticeBox store={store} isAbove={false} />
        <CancelHold store={store} />
        <p class="soft small">{t.holdText}</p>
      </div>
    </section>
  );
};
