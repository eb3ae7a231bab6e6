import type { Failure } from "../../../sdk/client.ts";
import { chargeBalance, readBalance, type Balance } from "../../../sdk/generated/index.ts";
import { batch, signal } from "../../shared/signals.ts";
import type { Account } from "../account.ts";
import { partOf } from "../part-of.ts";
import { callAs } from "../session/call.ts";
import { isUnknown, pendingRequest } from "./pending-request.ts";

/** Largest amount of one charge, in the minor unit; from the HTTP contract. */
export const chargeMax = 10_000_000;

const createWallet = (account: Account) => {
  const { userId } = account;
  const pending = pendingRequest<{ amount: number }>(account.key("charge"));
  const wallet = {
    balance: signal<Balance | null>(null),
    isCharging: signal(false),
    failure: signal<Failure | null>(null),
    /** Amount of a charge of which it is unknown whether it was added; null without one. */
    unknown: signal<number | null>(null),
    /** Amount of the last charge in this page, in the minor unit. */
    lastCharged: signal<number | null>(null),

    /** Why the balance could not be read the last time. */
    loadFailure: signal<Failure | null>(null),

    async load(): Promise<void> {
      const result = await callAs(account, readBalance, { userId });
      if (account.signal.aborted) return;
      batch(() => {
        wallet.loadFailure.value = result.ok ? null : result;
        if (result.ok && !wallet.isCharging.peek()) wallet.balance.value = result.value;
      });
    },

    /** Charges the balance. While a charge has no answer, that one is repeated and no other starts. */
    async charge(wanted: number): Promise<void> {
      const { balance, isCharging, failure, lastCharged, unknown } = wallet;
      if (isCharging.peek()) return;
      const { key, request } = pending.begin({ amount: wanted });
      batch(() => {
        isCharging.value = true;
        failure.value = null;
        unknown.value = null;
      });
      const { amount } = request;
      let hasLostAnswer = false;
      const onWait = (why: Failure): void => {
        hasLostAnswer ||= isUnknown(why);
        failure.value = why;
      };
      const result = await callAs(
        account,
        chargeBalance,
        { userId, body: { amount } },
        { key, retry: { triesMax: Infinity }, onWait },
      );
      if (account.signal.aborted) return;
      // A session that ended after a lost answer hides what that answer was.
      const isOpen =
        !result.ok &&
        (isUnknown(result) || (hasLostAnswer && result.code === "ACCESS_TOKEN_INVALID"));
      if (!isOpen) pending.clear();
      batch(() => {
        isCharging.value = false;
        failure.value = result.ok ? null : result;
        unknown.value = isOpen ? amount : null;
        if (!result.ok) return;
        balance.value = { userId, balance: result.value.balance, currency: result.value.currency };
        lastCharged.value = amount;
      });
    },
  };
  // A charge that a reload interrupted is repeated.
  const interrupted = pending.read();
  if (interrupted !== null) void wallet.charge(interrupted.request.amount);
  return wallet;
};

export type Wallet = ReturnType<typeof createWallet>;

/** The balance of an account, and charging it. */
export const walletOf = (account: Account): Wallet => partOf(account, createWallet);
