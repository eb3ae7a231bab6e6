import type { Failure } from "../../../sdk/client.ts";
import { cancelReservation, payReservation, type Payment } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { batch, signal } from "../../shared/signals.ts";
import { keptIntent } from "../money/intent.ts";
import { loadWallet } from "../money/wallet.ts";
import { moveOn } from "../route.ts";
import { lookAtHold, setReservation, type Hall } from "./hall.ts";

/** What was paid just now. */
export const payment = signal<Payment | null>(null);
export const isPaying = signal(false);
/** No answer came yet, and it is asked for again. */
export const isAsking = signal(false);

interface Wish {
  readonly reservationId: string;
  readonly token: string;
}

const intent = keptIntent<Wish>("payment");

/** Whether a reload has cut off the payment of this reservation. */
export const isCutOff = (reservationId: string): boolean =>
  intent.read()?.wish.reservationId === reservationId;

const takeRefusal = async (hall: Hall, failure: Failure, wish: Wish): Promise<void> => {
  switch (failure.code) {
    case "INSUFFICIENT_BALANCE":
      return loadWallet();
    case "RESERVATION_EXPIRED":
      return lookAtHold(hall, wish.reservationId);
    case "RESERVATION_NOT_PAYABLE":
    case "RESERVATION_NOT_FOUND":
      batch(() => {
        setReservation(hall, null);
        hall.notice.value = { kind: "cannotPay" };
      });
      return undefined;
    default:
      hall.notice.value = { kind: "busy" };
      hall.place.look();
  }
};

/**
 * Pays what is held. However often it is called, from however many reloads: while one payment has no
 * answer it is that one which is asked for again, by its key, until the server has said what became of it.
 */
export const pay = async (hall: Hall): Promise<void> => {
  const reservation = hall.reservation.peek();
  const token = hall.place.status.peek()?.token;
  if (reservation === null || token === undefined || isPaying.peek()) return;
  const { reservationId } = reservation;
  if (!isCutOff(reservationId)) intent.settle();
  const { key, wish } = intent.begin({ reservationId, token });
  batch(() => {
    isPaying.value = true;
    hall.notice.value = null;
  });
  const result = await api.call(
    payReservation,
    { body: { reservationId } },
    {
      // The token it was begun with: a replay must be the same person's, and it may have ended since.
      token: wish.token,
      key,
      patience: { triesMax: Infinity, waitMsMax: 3_000 },
      onWait: () => {
        isAsking.value = true;
      },
    },
  );
  intent.settle();
  batch(() => {
    isPaying.value = false;
    isAsking.value = false;
    if (!result.ok) return;
    moveOn();
    payment.value = result.value;
  });
  if (!result.ok) return takeRefusal(hall, result, wish);
  void loadWallet();
};

/** Gives back what is held; true when it is free. */
export const giveBack = async (hall: Hall): Promise<boolean> => {
  const reservation = hall.reservation.peek();
  if (reservation === null) return true;
  const { reservationId } = reservation;
  const token = hall.place.status.peek()?.token ?? "";
  const result = await api.call(cancelReservation, { reservationId }, { token });
  if (!result.ok) {
    await lookAtHold(hall, reservationId);
    return false;
  }
  moveOn();
  batch(() => {
    setReservation(hall, null);
    hall.notice.value = { kind: "given" };
  });
  return true;
};
