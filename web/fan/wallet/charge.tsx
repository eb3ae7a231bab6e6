import type { Failure } from "../../../sdk/client.ts";
import { formatMoney, fractionDigits, parseAmount } from "../../shared/format.ts";
import { useState } from "preact/hooks";
import { announce } from "../live-region.tsx";
import { purchaseTexts } from "../purchase/texts.ts";
import type { Account } from "../account.ts";
import { failureText } from "../session/texts.ts";
import { chargeMax, walletOf, type Wallet } from "./wallet.ts";
import "./wallet.css";

const refusalText = (failure: Failure): string => {
  const t = purchaseTexts();
  if (failure.code === "BALANCE_LIMIT_EXCEEDED") return t.tooMuch;
  return failure.code === "CHARGES_DISABLED" ? t.onlyAtDesk : failureText(failure);
};

const Failed = ({ wallet }: { wallet: Wallet }) => {
  const t = purchaseTexts();
  const { value: failure } = wallet.failure;
  if (failure === null || wallet.unknown.value !== null) return null;
  if (wallet.isCharging.value) return <p class="note">{t.chargeAsking}</p>;
  return (
    <p class="note bad" role="alert">
      {refusalText(failure)}
    </p>
  );
};

/** Amounts offered as buttons, in the minor unit: what is missing, and round amounts above it. */
export const presets = (missing: number, minorUnits: number): number[] => {
  const scale = minorUnits === 0 ? 1 : 10 ** minorUnits / 1_000;
  const above = (step: number): number => (Math.floor(missing / (step * scale)) + 1) * step * scale;
  const round = [...new Set([above(50_000), above(100_000), above(200_000)])];
  return [...(missing > 0 ? [missing] : []), ...round]
    .map((amount) => Math.min(amount, chargeMax))
    .filter((amount, n, all) => all.indexOf(amount) === n);
};

const add = async (wallet: Wallet, amount: number): Promise<void> => {
  await wallet.charge(amount);
  const now = wallet.balance.peek();
  if (wallet.failure.peek() !== null || now === null) return;
  const money = (value: number): string => formatMoney(value, now.currency);
  // In the checkout, a charge that is enough replaces the buttons by the one that pays.
  requestAnimationFrame(() => {
    if (document.activeElement === document.body)
      document.querySelector<HTMLElement>(".checkout h2")?.focus();
  });
  announce(purchaseTexts().added(money(wallet.lastCharged.peek() ?? amount), money(now.balance)));
};

const Other = ({ wallet, currency }: { wallet: Wallet; currency: string }) => {
  const t = purchaseTexts();
  const [isWrong, setWrong] = useState(false);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const typed = new FormData(form).get("amount");
    const amount = (typeof typed === "string" ? parseAmount(typed) : null) ?? 0;
    const isValid = amount >= 1 && amount <= chargeMax;
    setWrong(!isValid);
    if (!isValid) return;
    form.reset();
    void add(wallet, amount);
  };
  return (
    <form class="row" onSubmit={submit} noValidate>
      <label class="field grow">
        <span class="small soft">{t.other}</span>
        <input name="amount" type="number" inputMode="decimal" aria-invalid={isWrong} />
      </label>
      <button class="button quiet end" disabled={wallet.isCharging.value}>
        {t.addIt}
      </button>
      {isWrong && (
        <p class="note bad wide" role="alert">
          {t.wrongAmount(formatMoney(chargeMax, currency))}
        </p>
      )}
    </form>
  );
};

/** A charge with an unknown outcome: the same one is asked again, and no other starts before. */
const AskAgain = (props: { wallet: Wallet; amount: number; currency: string }) => {
  const t = purchaseTexts();
  const { wallet, amount, currency } = props;
  return (
    <div class="note bad stack" role="alert">
      <p>{t.chargeUnknown(formatMoney(amount, currency))}</p>
      <button class="button" type="button" onClick={() => void add(wallet, amount)}>
        {t.askAgain}
      </button>
    </div>
  );
};

/** Charges the balance: by a button, or with any amount. */
export const Charge = (props: { account: Account; missing?: number; isShort?: boolean }) => {
  const t = purchaseTexts();
  const { account, missing = 0, isShort = false } = props;
  const wallet = walletOf(account);
  const { lastCharged } = wallet;
  const { value: now } = wallet.balance;
  if (now === null) return null;
  const { value: unknown } = wallet.unknown;
  if (unknown !== null)
    return <AskAgain wallet={wallet} amount={unknown} currency={now.currency} />;
  const money = (amount: number): string => formatMoney(amount, now.currency);
  return (
    <div class="stack">
      <div class="presets" role="group" aria-label={t.add}>
        {presets(missing, fractionDigits()).map((amount) => (
          <button
            key={amount}
            class={amount === missing ? "button num exact" : "button quiet num"}
            type="button"
            disabled={wallet.isCharging.value}
            onClick={() => void add(wallet, amount)}
          >
            {amount === missing ? t.exact(money(amount)) : t.plus(money(amount))}
          </button>
        ))}
      </div>
      {!isShort && <Other wallet={wallet} currency={now.currency} />}
      <Failed wallet={wallet} />
      <p class="small soft num" hidden={lastCharged.value === null}>
        {lastCharged.value !== null && t.added(money(lastCharged.value), money(now.balance))}
      </p>
    </div>
  );
};
