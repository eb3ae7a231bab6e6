import { useState } from "preact/hooks";
import type { Failure } from "../../sdk/client.ts";
import { chargeAtDesk, renewRecoveryCode } from "../../sdk/generated/operator.ts";
import { formatMoney, ownCurrency, parseAmount } from "../shared/format.ts";
import { amountMessage } from "./amounts.ts";
import { Dialog, ErrorList, Field, Panel } from "./components.tsx";
import { callOperator, errorsOf, maybeDone, type FieldError } from "./session.ts";
import { useIntentKey, useSubmitting } from "./submitting.ts";
import { texts } from "./texts.ts";

const refusalOf = (failure: Failure): readonly FieldError[] => {
  const t = texts();
  if (failure.code === "NOT_FOUND") return [{ pointer: "/userId", message: t.noUser }];
  const errors = errorsOf(failure);
  return errors.some(({ pointer }) => pointer.startsWith("/params"))
    ? [{ pointer: "/userId", message: t.badId }]
    : errors;
};

/** Adds money that was paid outside. A charge without an answer is sent again with its key, so it counts once. */
const ChargeForm = ({ userId }: { userId: string }) => {
  const t = texts();
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [outcome, setOutcome] = useState<string | null>(null);
  const { isBusy, run } = useSubmitting();
  const { key, renew } = useIntentKey();

  const charge = async (): Promise<void> => {
    setOutcome(null);
    const amount = parseAmount(typed);
    if (amount === null) return setErrors([{ pointer: "/amount", message: amountMessage() }]);
    const body = { amount, reason: reason.trim() };
    const result = await callOperator(chargeAtDesk, { userId, body }, { key });
    if (!result.ok && maybeDone.has(result.code)) {
      setErrors([]);
      return setOutcome(t.chargeUnknown);
    }
    if (!result.ok) {
      if (result.code === "IDEMPOTENCY_KEY_REUSED") renew();
      return setErrors(refusalOf(result));
    }
    const { balance, currency } = result.value;
    renew();
    setErrors([]);
    setTyped("");
    setReason("");
    setOutcome(t.charged(formatMoney(amount, currency), formatMoney(balance, currency)));
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(charge);
  };
  return (
    <form class="stack" noValidate onSubmit={submit}>
      <div class="field-row">
        <Field
          label={`${t.chargeAmount} (${ownCurrency()})`}
          value={typed}
          onInput={setTyped}
          at="/amount"
          errors={errors}
          required
        />
        <Field
          label={t.reason}
          value={reason}
          onInput={setReason}
          at="/reason"
          errors={errors}
          required
        />
      </div>
      <ErrorList
        errors={errors.filter(({ pointer }) => !["/amount", "/reason"].includes(pointer))}
      />
      <div>
        <button class="button" aria-disabled={isBusy}>
          {t.charge}
        </button>
      </div>
      <p role="status" class="small">
        {outcome ?? ""}
      </p>
    </form>
  );
};

/** Replaces the recovery code of a user who has lost every way in, after a question. */
const Recovery = ({ userId }: { userId: string }) => {
  const t = texts();
  const [isAsking, setAsking] = useState(false);
  const [code, setCode] = useState<string | null>(null);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const { isBusy, run } = useSubmitting();
  const close = (): void => {
    setAsking(false);
    setCode(null);
    setErrors([]);
  };
  const renewCode = async (): Promise<void> => {
    const result = await callOperator(renewRecoveryCode, { userId });
    if (result.ok) setCode(result.value.recoveryCode);
    else if (maybeDone.has(result.code)) setErrors([{ pointer: "", message: t.recoveryUnknown }]);
    else setErrors(refusalOf(result));
  };
  return (
    <div>
      <button class="button quiet" type="button" onClick={() => setAsking(true)}>
        {t.recover}
      </button>
      {isAsking && (
        <Dialog title={t.recover} onClose={close}>
          <p class="num">{userId}</p>
          {code === null ? <p>{t.recoverWarn}</p> : <p class="note spot">{t.recovered}</p>}
          {code !== null && <output class="num">{code}</output>}
          <ErrorList errors={errors} />
          <div class="row">
            <button class="button quiet" type="button" onClick={close}>
              {code === null ? t.cancel : t.done}
            </button>
            {code === null && (
              <button
                class="button"
                type="button"
                aria-disabled={isBusy}
                onClick={() => void run(renewCode)}
              >
                {t.recoverNow}
              </button>
            )}
          </div>
        </Dialog>
      )}
    </div>
  );
};

/** The charge and the new recovery code of one user. */
export const UserDesk = ({ userId }: { userId: string }) => (
  <Panel title={texts().desk}>
    <ChargeForm userId={userId} />
    <Recovery userId={userId} />
  </Panel>
);
