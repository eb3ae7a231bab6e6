import type { Failure } from "../../../sdk/client.ts";
import { cancelReservation, payReservation, type Payment } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { batch, signal } from "../../shared/signals.ts";
import { partOf } from "../part-of.ts";
import type { Turn } from "../queue/place-store.ts";
import { startNewView } from "../route.ts";
import { isUnknown, pendingRequest } from "../wallet/pending-request.ts";
import { walletOf } from "../wallet/wallet.ts";
import { refreshReservation, setReservation } from "./hold.ts";
import type { SeatStore } from "./seat-state.ts";

interface PaymentRequest {
  readonly reservationId: string;
  readonly token: string;
}

const createPaymentState = (turn: Turn) => ({
  /** The payment of this turn, made in this page. */
  paid: signal<Payment | null>(null),
  isPaying: signal(false),
  /** The payment has no answer yet, and the page repeats it. */
  isRetrying: signal(false),
  pending: pendingRequest<PaymentRequest>(turn.key("payment")),
});

/** The payment of a turn. */
export const paymentOf = (turn: Turn): ReturnType<typeof createPaymentState> =>
  partOf(turn, createPaymentState);

/** Whether a reload interrupted the payment of this reservation. */
export const isInterrupted = (turn: Turn, reservationId: string): boolean =>
  paymentOf(turn).pending.read()?.request.reservationId === reservationId;

const handleRefusal = async (
  store: SeatStore,
  failure: Failure,
  request: PaymentRequest,
): Promise<void> => {
  const { account, place } = store.turn;
  switch (failure.code) {
    case "INSUFFICIENT_BALANCE":
      return walletOf(account).load();
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
      store.notice.value = isUnknown(failure) ? { kind: "unknown" } : { kind: "refused", failure };
      place.watch();
  }
};

/**
 * Pays the held reservation. While a payment has no answer, further calls and reloads repeat it with its key,
 * so the server makes one payment.
 */
export const pay = async (store: SeatStore): Promise<void> => {
  const { turn } = store;
  const { paid, isPaying, isRetrying, pending } = paymentOf(turn);
  const reservation = store.reservation.peek();
  if (reservation === null || isPaying.peek()) return;
  const { reservationId } = reservation;
  if (!isInterrupted(turn, reservationId)) pending.clear();
  const { key, request } = pending.begin({ reservationId, token: turn.token() });
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
      signal: turn.signal,
      key,
      retry: { triesMax: Infinity, waitMsMax: 3_000 },
      onWait: () => {
        isRetrying.value = true;
      },
    },
  );
  if (turn.signal.aborted) return;
  if (result.ok || !isUnknown(result)) pending.clear();
  batch(() => {
    isPaying.value = false;
    isRetrying.value = false;
    if (!result.ok) return;
    startNewView();
    paid.value = result.value;
  });
  if (!result.ok) return handleRefusal(store, result, request);
  void walletOf(turn.account).load();
};

/** Cancels the held reservation. Without an answer it is asked again: a second cancellation changes nothing. */
export const cancelHold = async (store: SeatStore): Promise<void> => {
  const reservation = store.reservation.peek();
  if (reservation === null) return;
  const { reservationId } = reservation;
  const { turn } = store;
  const onWait = (): void => {
    store.notice.value = { kind: "asking" };
  };
  const retry = { triesMax: Infinity, waitMsMax: 3_000 };
  const options = { token: turn.token(), signal: turn.signal, retry, onWait };
  const result = await api.call(cancelReservation, { reservationId }, options);
  if (turn.signal.aborted) return;
  if (!result.ok) {
    store.notice.value = isUnknown(result)
      ? { kind: "unknown" }
      : { kind: "refused", failure: result };
    return refreshReservation(store, reservationId);
  }
  startNewView();
  batch(() => {
    setReservation(store, null);
    store.notice.value = { kind: "released" };
  });
};
