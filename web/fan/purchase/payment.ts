import type { Failure } from "../../../sdk/client.ts";
import { cancelReservation, payReservation, type Payment } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { batch, signal } from "../../shared/signals.ts";
import { pendingRequest } from "../wallet/pending-request.ts";
import { loadWallet } from "../wallet/wallet.ts";
import { startNewView } from "../route.ts";
import { refreshReservation, setReservation, type SeatStore } from "./seat-store.ts";

/** The payment made in this page. */
export const payment = signal<Payment | null>(null);
export const isPaying = signal(false);
/** The payment has no answer yet, and the page repeats it. */
export const isRetrying = signal(false);

interface PaymentRequest {
  readonly reservationId: string;
  readonly token: string;
}

const pending = pendingRequest<PaymentRequest>("payment");

/** Whether a reload interrupted the payment of this reservation. */
export const isPending = (reservationId: string): boolean =>
  pending.read()?.request.reservationId === reservationId;

const handleRefusal = async (
  store: SeatStore,
  failure: Failure,
  request: PaymentRequest,
): Promise<void> => {
  switch (failure.code) {
    case "INSUFFICIENT_BALANCE":
      return loadWallet();
    case "RESERVATION_EXPIRED":
      return refreshReservation(store, request.reservationId);
    case "RESERVATION_NOT_PAYABLE":
    case "RESERVATION_NOT_FOUND":
      batch(() => {
        setReservation(store, null);
        store.notice.value = { kind: "cannotPay" };
      });
      return undefined;
    default:
      store.notice.value = { kind: "busy" };
      store.place.watch();
  }
};

/**
 * Pays the held reservation. While a payment has no answer, further calls and reloads repeat it with its key,
 * so the server makes one payment.
 */
export const pay = async (store: SeatStore): Promise<void> => {
  const reservation = store.reservation.peek();
  const token = store.place.status.peek()?.token;
  if (reservation === null || token === undefined || isPaying.peek()) return;
  const { reservationId } = reservation;
  if (!isPending(reservationId)) pending.clear();
  const { key, request } = pending.begin({ reservationId, token });
  batch(() => {
    isPaying.value = true;
    store.notice.value = null;
  });
  const result = await api.call(
    payReservation,
    { body: { reservationId } },
    {
      // The token of the first attempt: a replay needs the same user, and the place may have ended.
      token: request.token,
      key,
      retry: { triesMax: Infinity, waitMsMax: 3_000 },
      onWait: () => {
        isRetrying.value = true;
      },
    },
  );
  pending.clear();
  batch(() => {
    isPaying.value = false;
    isRetrying.value = false;
    if (!result.ok) return;
    startNewView();
    payment.value = result.value;
  });
  if (!result.ok) return handleRefusal(store, result, request);
  void loadWallet();
};

/** Cancels the held reservation. Returns true when its seats are free. */
export const cancelHold = async (store: SeatStore): Promise<boolean> => {
  const reservation = store.reservation.peek();
  if (reservation === null) return true;
  const { reservationId } = reservation;
  const token = store.place.status.peek()?.token ?? "";
  const result = await api.call(cancelReservation, { reservationId }, { token });
  if (!result.ok) {
    await refreshReservation(store, reservationId);
    return false;
  }
  startNewView();
  batch(() => {
    setReservation(store, null);
    store.notice.value = { kind: "released" };
  });
  return true;
};
