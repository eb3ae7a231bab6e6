import type { Failure } from "../../../sdk/client.ts";
import { chargeBalance, readBalance, type Balance } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { effect, signal, untracked } from "../../shared/signals.ts";
import { session } from "../session.ts";
import { pendingRequest } from "./pending-request.ts";

/** Largest amount of one charge, in the minor unit; from the HTTP contract. */
export const chargeMax = 10_000_000;

export const wallet = signal<Balance | null>(null);
export const isCharging = signal(false);
export const chargeFailure = signal<Failure | null>(null);
/** Amount of the last charge in this page, in the minor unit. */
export const lastCharged = signal<number | null>(null);

const pendingCharge = pendingRequest<{ userId: string; amount: number }>("charge");

export const loadWallet = async (): Promise<void> => {
  const user = session.peek();
  if (user === null) return;
  const { userId, accessToken: token } = user;
  const result = await api.call(readBalance, { userId }, { token });
  if (result.ok) wallet.value = result.value;
};

/** Charges the balance. While a charge has no answer, that one is repeated and no other starts. */
export const charge = async (amount: number): Promise<void> => {
  const user = session.peek();
  if (user === null || isCharging.peek()) return;
  const { userId, accessToken: token } = user;
  const { key, request } = pendingCharge.begin({ userId, amount });
  isCharging.value = true;
  chargeFailure.value = null;
  const retry = { triesMax: Infinity };
  const onWait = (failure: Failure): void => {
    chargeFailure.value = failure;
  };
  const input = { userId, body: { amount: request.amount } };
  const result = await api.call(chargeBalance, input, { token, key, retry, onWait });
  pendingCharge.clear();
  isCharging.value = false;
  chargeFailure.value = result.ok ? null : result;
  if (!result.ok) return;
  const { balance, currency } = result.value;
  wallet.value = { userId, balance, currency };
  lastCharged.value = request.amount;
};

// Another user's balance is dropped. A charge that a reload interrupted is repeated.
effect(() => {
  const userId = session.value?.userId;
  untracked(() => {
    if (wallet.peek()?.userId !== userId) wallet.value = null;
    lastCharged.value = null;
    const pending = pendingCharge.read();
    if (pending === null) return;
    if (pending.request.userId === userId) void charge(pending.request.amount);
    else pendingCharge.clear();
  });
});
