import type { Failure } from "../../../sdk/client.ts";
import { chargeBalance, readBalance, type Balance } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { effect, signal, untracked } from "../../shared/signals.ts";
import { session } from "../session.ts";
import { keptIntent } from "./intent.ts";

/** The most that one charge may add, in the minor unit. */
export const chargeMax = 10_000_000;

export const wallet = signal<Balance | null>(null);
export const isCharging = signal(false);
export const chargeFailure = signal<Failure | null>(null);
/** What the last charge added. */
export const lastCharged = signal<number | null>(null);

const intent = keptIntent<{ userId: string; amount: number }>("charge");

export const loadWallet = async (): Promise<void> => {
  const user = session.peek();
  if (user === null) return;
  const { userId, accessToken: token } = user;
  const result = await api.call(readBalance, { userId }, { token });
  if (result.ok) wallet.value = result.value;
};

/** Adds to the balance; while one charge is not answered, it is that one which is asked for again. */
export const charge = async (amount: number): Promise<void> => {
  const user = session.peek();
  if (user === null || isCharging.peek()) return;
  const { userId, accessToken: token } = user;
  const { key, wish } = intent.begin({ userId, amount });
  isCharging.value = true;
  chargeFailure.value = null;
  const patience = { triesMax: Infinity };
  const onWait = (failure: Failure): void => {
    chargeFailure.value = failure;
  };
  const input = { userId, body: { amount: wish.amount } };
  const result = await api.call(chargeBalance, input, { token, key, patience, onWait });
  intent.settle();
  isCharging.value = false;
  chargeFailure.value = result.ok ? null : result;
  if (!result.ok) return;
  const { balance, currency } = result.value;
  wallet.value = { userId, balance, currency };
  lastCharged.value = wish.amount;
};

// Another person's money is not shown to who comes after him; a charge that a reload cut off goes on.
effect(() => {
  const userId = session.value?.userId;
  untracked(() => {
    if (wallet.peek()?.userId !== userId) wallet.value = null;
    lastCharged.value = null;
    const pending = intent.read();
    if (pending === null) return;
    if (pending.wish.userId === userId) void charge(pending.wish.amount);
    else intent.settle();
  });
});
