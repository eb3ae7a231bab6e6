import { formatMoney, minorDigits } from "../../shared/language.ts";
import { signal } from "../../shared/signals.ts";
import { say } from "../say.tsx";
import { shopWords } from "../shop/words.ts";
import { charge, chargeFailure, chargeMax, isCharging, lastCharged, wallet } from "./wallet.ts";
import "./money.css";

const isWrong = signal(false);

const Failed = () => {
  const w = shopWords();
  const { value: failure } = chargeFailure;
  if (failure === null) return null;
  if (isCharging.value) return <p class="note">{w.asking}</p>;
  return (
    <p class="note bad" role="alert">
      {failure.code === "BALANCE_LIMIT_EXCEEDED" ? w.tooMuch : w.busy}
    </p>
  );
};

/** Amounts that people add at once: exactly what is missing, and round ones above it. */
export const presets = (missing: number, minorUnits: number): number[] => {
  const scale = minorUnits === 0 ? 1 : 10 ** minorUnits / 1_000;
  const above = (step: number): number => (Math.floor(missing / (step * scale)) + 1) * step * scale;
  const round = [...new Set([above(50_000), above(100_000), above(200_000)])];
  return [...(missing > 0 ? [missing] : []), ...round]
    .map((amount) => Math.min(amount, chargeMax))
    .filter((amount, n, all) => all.indexOf(amount) === n);
};

const add = async (amount: number): Promise<void> => {
  await charge(amount);
  const { value: now } = wallet;
  if (chargeFailure.peek() !== null || now === null) return;
  const money = (value: number): string => formatMoney(value, now.currency);
  say(shopWords().added(money(lastCharged.peek() ?? amount), money(now.balance)));
};

const Other = ({ currency }: { currency: string }) => {
  const w = shopWords();
  const unit = 10 ** minorDigits(currency);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const amount = Math.round(Number(new FormData(form).get("amount")) * unit);
    isWrong.value = !(amount >= 1 && amount <= chargeMax);
    if (isWrong.value) return;
    form.reset();
    void add(amount);
  };
  return (
    <form class="row" onSubmit={submit} noValidate>
      <label class="field grow">
        <span class="small soft">{w.other}</span>
        <input name="amount" type="number" inputMode="decimal" aria-invalid={isWrong.value} />
      </label>
      <button class="button quiet end" disabled={isCharging.value}>
        {w.addIt}
      </button>
      {isWrong.value && (
        <p class="note bad wide" role="alert">
          {w.wrongAmount(formatMoney(chargeMax, currency))}
        </p>
      )}
    </form>
  );
};

/** Adds to the balance: by one touch, or any amount. */
export const Charge = ({
  missing = 0,
  isShort = false,
}: {
  missing?: number;
  isShort?: boolean;
}) => {
  const w = shopWords();
  const { value: now } = wallet;
  if (now === null) return null;
  const money = (amount: number): string => formatMoney(amount, now.currency);
  return (
    <div class="stack">
      <div class="presets">
        {presets(missing, minorDigits(now.currency)).map((amount) => (
          <button
            key={amount}
            class={amount === missing ? "button num exact" : "button quiet num"}
            type="button"
            aria-label={amount === missing ? undefined : w.add(money(amount))}
            disabled={isCharging.value}
            onClick={() => void add(amount)}
          >
            {amount === missing ? w.exact(money(amount)) : w.plus(money(amount))}
          </button>
        ))}
      </div>
      {!isShort && <Other currency={now.currency} />}
      <Failed />
      <p class="small soft num" hidden={lastCharged.value === null}>
        {lastCharged.value !== null && w.added(money(lastCharged.value), money(now.balance))}
      </p>
    </div>
  );
};
