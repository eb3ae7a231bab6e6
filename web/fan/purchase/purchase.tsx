import { useEffect } from "preact/hooks";
import type { Concert } from "../../../sdk/generated/index.ts";
import { effect, untracked } from "../../shared/signals.ts";
import type { Place, Turn } from "../queue/place-store.ts";
import { Countdown, secondsUntil } from "../components.tsx";
import { announce } from "../live-region.tsx";
import { texts } from "../texts/index.ts";
import { SelectionBar, ChooseSeats } from "./choose-seats.tsx";
import { Checkout } from "./checkout.tsx";
import {
  pollSeats,
  refreshReservation,
  seatStoreOf,
  setReservation,
  type SeatStore,
} from "./seat-store.ts";
import { NoticeBox } from "./notice.tsx";
import { Receipt } from "./receipt.tsx";
import { isInterrupted, pay, paymentOf } from "./payment.ts";
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

/** The bar at the bottom: notices and the selection. */
const BottomBar = ({ store, concert }: { store: SeatStore; concert: Concert }) => {
  const { isReady, reservation, dates } = store;
  const isHeld = reservation.value?.status === "HELD";
  const isChoosing = isReady.value && !isHeld && dates.value?.length !== 0;
  return (
    <div class="foot">
      <NoticeBox store={store} />
      {isChoosing && <SelectionBar store={store} concert={concert} />}
    </div>
  );
};

const Body = ({ store, concert }: { store: SeatStore; concert: Concert }) => {
  const { value: reservation } = store.reservation;
  if (!store.isReady.value) return <p class="soft">{texts().loading}</p>;
  if (reservation?.status === "HELD") {
    return <Checkout store={store} concert={concert} reservation={reservation} />;
  }
  return <ChooseSeats store={store} concert={concert} />;
};

const PurchaseInTurn = ({ turn, concert }: { turn: Turn; concert: Concert }) => {
  const store = seatStoreOf(turn);
  useEffect(() => {
    const stops = [watchReservation(store), pollSeats(store)];
    return () => stops.forEach((stop) => stop());
  }, [store]);
  const { value: paid } = paymentOf(turn).paid;
  if (paid !== null) return <Receipt payment={paid} concert={concert} />;
  return (
    <div class="stack">
      <TimeLeft store={store} />
      <Body store={store} concert={concert} />
      <BottomBar store={store} concert={concert} />
    </div>
  );
};

/** Selecting seats and paying, for an admitted fan. */
export const Purchase = ({ place, concert }: { place: Place; concert: Concert }) => {
  const { value: turn } = place.turn;
  return turn && <PurchaseInTurn key={turn.placeId} turn={turn} concert={concert} />;
};
