import { useEffect } from "preact/hooks";
import type { Concert } from "../../../sdk/generated/index.ts";
import { effect, untracked } from "../../shared/signals.ts";
import type { Place, Turn } from "../queue/place-store.ts";
import { ShopLink } from "../concerts/shop-link.tsx";
import { Countdown, secondsUntil } from "../components.tsx";
import { announce } from "../live-region.tsx";
import { texts } from "../texts/index.ts";
import { SelectionBar, ChooseSeats, SeatsMissing, soldStateOf } from "./choose-seats.tsx";
import { Checkout } from "./checkout.tsx";
import { findHall } from "./find-hall.ts";
import { refreshReservation, setReservation } from "./hold.ts";
import { pollSeats } from "./poll-seats.ts";
import { seatStoreOf, type SeatStore } from "./seat-state.ts";
import { NoticeBox } from "./notice.tsx";
import { Receipt } from "./receipt.tsx";
import { isInterrupted, pay, paymentOf } from "./payment.ts";
import { selectedIn } from "./selection.ts";
import { purchaseTexts } from "./texts.ts";
import "./purchase.css";

const warnSeconds = 60;

/** When the fan's time ends, in epoch ms: the end of the hold, or else of the slot. */
const endsAtMs = (store: SeatStore): number | null => {
  const at = store.reservation.value?.expiresAt ?? store.place.status.value?.expiresAt ?? null;
  return at === null ? null : Date.parse(at);
};

const TimeLeft = ({ store }: { store: SeatStore }) => {
  const untilMs = endsAtMs(store);
  if (untilMs === null) return null;
  const t = purchaseTexts();
  const isSoon = secondsUntil(untilMs) <= warnSeconds;
  return (
    <p class={isSoon ? "time-left soon" : "time-left"}>
      {store.reservation.value === null ? t.timeToChoose : t.timeToPay}
      <b>
        <Countdown untilMs={untilMs} />
      </b>
    </p>
  );
};

/** Repeats a payment that a reload interrupted, and reads a reservation again when its hold lapses. */
const watchReservation = (store: SeatStore): (() => void) => {
  const stops = [
    effect(() => {
      const { value: reservation } = store.reservation;
      if (reservation === null || reservation.status !== "HELD") return;
      if (isInterrupted(store.turn, reservation.reservationId)) untracked(() => void pay(store));
    }),
    effect(() => {
      const { value: reservation } = store.reservation;
      if (reservation === null || paymentOf(store.turn).isPaying.value) return;
      if (reservation.status === "HELD") {
        const isOver = secondsUntil(Date.parse(reservation.expiresAt)) === 0;
        if (isOver) void refreshReservation(store, reservation.reservationId);
        return;
      }
      untracked(() => {
        if (reservation.status === "EXPIRED") store.notice.value = { kind: "expired" };
        if (reservation.status === "CANCELLED") store.notice.value = { kind: "cannotPay" };
        setReservation(store, null);
        store.place.watch();
      });
    }),
    effect(() => {
      const untilMs = endsAtMs(store);
      if (untilMs !== null && secondsUntil(untilMs) === warnSeconds) announce(purchaseTexts().soon);
    }),
  ];
  return () => stops.forEach((stop) => stop());
};

/** Whether the fan chooses seats: none is held, and some can be had. */
const isChoosing = (store: SeatStore): boolean =>
  store.isReady.value &&
  store.reservation.value?.status !== "HELD" &&
  store.dates.value?.length !== 0 &&
  soldStateOf(store) === null;

/** The bar of the selected seats. In a large hall it would cover the map before there are any. */
const hasBar = (store: SeatStore): boolean =>
  isChoosing(store) && (store.sectionsView.value === null || selectedIn(store).length > 0);

const Body = ({ store, concert }: { store: SeatStore; concert: Concert }) => {
  const { value: reservation } = store.reservation;
  if (!store.isReady.value) return <SeatsMissing store={store} />;
  if (reservation?.status === "HELD") {
    return <Checkout store={store} concert={concert} reservation={reservation} />;
  }
  return <ChooseSeats store={store} concert={concert} />;
};

const PurchaseInTurn = ({ turn, concert }: { turn: Turn; concert: Concert }) => {
  const store = seatStoreOf(turn);
  useEffect(() => {
    const stops = [watchReservation(store), pollSeats(store, () => findHall(store))];
    return () => stops.forEach((stop) => stop());
  }, [store]);
  const { value: paid } = paymentOf(turn).paid;
  if (paid !== null) return <Receipt payment={paid} />;
  const leave = (): void => {
    turn.place.isLeaving.value = true;
  };
  return (
    <div class="stack">
      {soldStateOf(store) === null && <TimeLeft store={store} />}
      <NoticeBox store={store} isAbove />
      <Body store={store} concert={concert} />
      <ShopLink concertId={concert.concertId} />
      <p>
        <button class="text-button" type="button" onClick={leave}>
          {texts().leave}
        </button>
      </p>
      {hasBar(store) && (
        <div class="foot">
          <SelectionBar store={store} concert={concert} />
        </div>
      )}
    </div>
  );
};

/** Selecting seats and paying, for an admitted fan. */
export const Purchase = ({ place, concert }: { place: Place; concert: Concert }) => {
  const { value: turn } = place.turn;
  return turn && <PurchaseInTurn key={turn.placeId} turn={turn} concert={concert} />;
};
