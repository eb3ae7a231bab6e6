import type { Failure, Result } from "../../../sdk/client.ts";
import type { Operation } from "../../../sdk/operation.ts";
import {
  listReservations,
  readReservation,
  reserveSeats,
  type Reservation,
} from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { syncClock } from "../../shared/clock.ts";
import { batch } from "../../shared/signals.ts";
import { refreshConcert } from "../queue/concert-store.ts";
import { startNewView } from "../route.ts";
import { callAs } from "../session/call.ts";
import { isUnknown } from "../wallet/pending-request.ts";
import { ofTurn, type Notice, type SeatStore, type Wish } from "./seat-state.ts";
import { dropTakenSeats, forgetChoice, selectedIn } from "./selection.ts";

export const setReservation = (store: SeatStore, reservation: Reservation | null): void => {
  if (reservation !== null) syncClock(Date.parse(reservation.serverTime));
  const known = store.reservation.peek();
  // A hold that is read again is the same; a new value would make its readers read it once more at once.
  const isSame =
    known?.reservationId === reservation?.reservationId && known?.status === reservation?.status;
  if (isSame) return;
  // Whatever the page asked for is answered by this.
  if (reservation !== null) store.pendingHold.clear();
  store.reservation.value = reservation;
};

/**
 * Finds a reservation that the user holds in this concert, made on any device or tab, and counts the seats that
 * the user has paid for.
 */
export const findHeldReservation = async (store: SeatStore, triesMax: number): Promise<void> => {
  const { account, signal } = store.turn;
  const { concertId } = store.place;
  const { userId } = account;
  const onWait = (): void => {
    store.isUnavailable.value = true;
  };
  const options = { signal, retry: { triesMax }, onWait };
  const result = await callAs(account, listReservations, { userId, limit: "100" }, options);
  if (!result.ok || signal.aborted) return;
  const own = result.value.items.filter((one) => one.concertId === concertId);
  batch(() => {
    store.owned.value = own
      .filter(({ status }) => status === "CONFIRMED")
      .reduce((sum, { seatNumbers }) => sum + seatNumbers.length, 0);
    setReservation(store, own.find(({ status }) => status === "HELD") ?? null);
  });
};

/** Reads a reservation again. The server returns a lapsed one as EXPIRED. */
export const refreshReservation = async (
  store: SeatStore,
  reservationId: string,
): Promise<void> => {
  const result = await api.call(readReservation, { reservationId }, ofTurn(store));
  if (result.ok) setReservation(store, result.value);
};

/**
 * Seats of the choice are not free any more. Another tab or device of the same user may hold them; then its hold is
 * shown, and the fan is told so.
 */
export const loseSeats = async (store: SeatStore, taken: readonly number[]): Promise<void> => {
  await findHeldReservation(store, 1);
  if (store.turn.signal.aborted) return;
  if (store.reservation.peek() === null) dropTakenSeats(store, taken);
  else store.notice.value = { kind: "elsewhere" };
};

/** The notice of a refused hold; null when the turn is over, which its view tells. */
const noticeOf = (failure: Failure): Notice | null => {
  const { code, status, retryAfterMs } = failure;
  if (isUnknown(failure)) return { kind: "unknown" };
  if (status === 401 || status === 403) return null;
  switch (code) {
    case "SEAT_LIMIT_EXCEEDED":
      return { kind: "limit" };
    case "HOLD_LIMIT":
      return { kind: "holdLimit", againInMs: retryAfterMs };
    case "DATE_NOT_FOUND":
      return { kind: "gone" };
    case "SOLD_OUT":
      return { kind: "soldOut" };
    case "SALE_ENDED":
      return { kind: "saleEnded" };
    default:
      return { kind: "refused", failure };
  }
};

const showRefusal = async (store: SeatStore, failure: Failure): Promise<void> => {
  store.notice.value = noticeOf(failure);
  if (store.notice.peek() === null) store.place.watch();
  if (failure.code !== "SEAT_LIMIT_EXCEEDED") return;
  // The operator may have changed the limit, and seats that were bought on another device count too.
  await Promise.all([refreshConcert(store.place), findHeldReservation(store, 1)]);
};

const isSame = (a: Wish, b: Wish): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The stored hold without an answer, or a new one of these seats; null when they are none. */
const holdRequest = (store: SeatStore, wish: Wish) => {
  const { pendingHold, turn } = store;
  const stored = pendingHold.read();
  const date = store.date.peek();
  // After a failure without a known effect the fan may have chosen other seats. They are another hold.
  const isOther = stored?.request.date !== date || !isSame(stored.request.wish, wish);
  if (store.isReady.peek() && isOther) pendingHold.clear();
  else if (stored !== null) return stored;
  if (date === null || wish.seatNumbers?.length === 0) return null;
  return pendingHold.begin({ date, wish, token: turn.token() });
};

type CodeOf<O> = O extends Operation<infer _I, infer _V, infer Code> ? Code : never;
type HoldFailure = Extract<
  Result<Reservation, CodeOf<typeof reserveSeats>>,
  { readonly ok: false }
>;

/** Shows why seats are not held. For a wish no seat is named: fewer are free than it asks for. */
const showHoldRefusal = async (
  store: SeatStore,
  failure: HoldFailure,
  { best }: Wish,
): Promise<void> => {
  const { notice } = store;
  if (failure.code === "SEAT_UNAVAILABLE") {
    const { seatNumbers, available = 0 } = failure.problem;
    notice.value =
      best === undefined ? { kind: "refused", failure } : { kind: "tooFew", available };
    return best === undefined ? loseSeats(store, seatNumbers) : undefined;
  }
  if (failure.code === "SINGLE_SEAT_LEFT") {
    notice.value = { kind: "single", seatNumbers: failure.problem.seatNumbers };
    return undefined;
  }
  if (failure.code === "RESERVATION_ALREADY_HELD") {
    await refreshReservation(store, failure.problem.reservationId);
    notice.value = { kind: "elsewhere" };
    return undefined;
  }
  return showRefusal(store, failure);
};

/**
 * Reserves the chosen seats, or those that the server finds: all or none. While a hold has no answer, further calls
 * and reloads repeat it with its key, so the seats are held once, and the fan learns whether they are.
 */
export const reserve = async (
  store: SeatStore,
  wish: Wish = { seatNumbers: selectedIn(store) },
): Promise<void> => {
  const { isReserving, notice, pendingHold, turn } = store;
  if (isReserving.peek()) return;
  const hold = holdRequest(store, wish);
  if (hold === null) return;
  const { token, date, wish: wanted } = hold.request;
  const body = { date, ...wanted };
  isReserving.value = true;
  notice.value = null;
  const onWait = (): void => {
    notice.value = { kind: "asking" };
  };
  const retry = { triesMax: Infinity, waitMsMax: 3_000 };
  const options = { token, signal: turn.signal, key: hold.key, retry, onWait };
  const result = await api.call(reserveSeats, { body }, options);
  if (turn.signal.aborted) return;
  if (result.ok || !isUnknown(result)) pendingHold.clear();
  isReserving.value = false;
  notice.value = null;
  if (result.ok) {
    startNewView();
    return batch(() => {
      forgetChoice(store, body.date);
      setReservation(store, result.value);
    });
  }
  return showHoldRefusal(store, result, wanted);
};
