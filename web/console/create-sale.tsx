import { useState } from "preact/hooks";
import { createConcert } from "../../sdk/generated/operator.ts";
import { momentAt } from "../shared/zone.ts";
import { inMode, priceErrors, requestOf, zoneOf, policyNumbers, strictNumbers } from "./draft.ts";
import { replaced, Seats, type PartProps } from "./create-seats.tsx";
import { Back, ErrorList, Field } from "./components.tsx";
import { useKeptDraft } from "./kept-draft.ts";
import { momentIn } from "./moments.ts";
import { planPriceErrors } from "./plan/plan-draft.ts";
import { RefundFields } from "./refund-rule.tsx";
import { navigate } from "./route.ts";
import { callOperator, errorsOf, type FieldError } from "./session.ts";
import { useIntentKey, useSubmitting } from "./submitting.ts";
import { texts } from "./texts.ts";
import { TransferFields } from "./transfer-rule.tsx";

interface TimeFieldProps extends PartProps {
  readonly label: string;
  /** The meaning of an empty input, and the moment at which the time is judged. */
  readonly hint: string;
  readonly value: string;
  readonly at: string;
  readonly onInput: (value: string) => void;
}

/** A time in the zone of the sale. Below the input is what was typed, with the operator's own time. */
const TimeField = ({ draft, hint, value, ...field }: TimeFieldProps) => {
  const zone = zoneOf(draft);
  const atMs = momentAt(value, zone);
  const typed =
    atMs === null
      ? null
      : momentIn(zone, { dateStyle: "medium", timeStyle: "short" })(new Date(atMs).toISOString());
  return <Field {...field} type="datetime-local" value={value} hint={typed ?? hint} />;
};

const Dates = ({ draft, change, errors }: PartProps) => {
  const t = texts();
  return (
    <fieldset class="stack">
      <legend>{t.dates}</legend>
      {draft.dates.map(({ date, startsAt }, n) => (
        <div key={n} class="grid">
          <Field
            label={`${t.date} ${n + 1}`}
            type="date"
            value={date}
            at={`/dates/${n}/date`}
            errors={errors}
            onInput={(value) => change({ dates: replaced(draft.dates, n, { date: value }) })}
            required
          />
          <TimeField
            label={`${t.startsAt} ${n + 1}`}
            hint={t.startsHint(zoneOf(draft))}
            value={startsAt}
            at={`/dates/${n}/startsAt`}
            draft={draft}
            change={change}
            errors={errors}
            onInput={(value) => change({ dates: replaced(draft.dates, n, { startsAt: value }) })}
          />
          {draft.dates.length > 1 && (
            <button
              class="text-button"
              type="button"
              onClick={() => change({ dates: draft.dates.filter((_, m) => m !== n) })}
            >
              {t.remove} <span class="visually-hidden">{`${t.date} ${n + 1}`}</span>
            </button>
          )}
        </div>
      ))}
      <button
        class="button quiet"
        type="button"
        onClick={() => change({ dates: [...draft.dates, { date: "", startsAt: "" }] })}
      >
        {t.addDate}
      </button>
    </fieldset>
  );
};

const SingleSeatsField = ({ draft, change }: PartProps) => {
  const t = texts();
  return (
    <label class="field">
      <span class="small">{t.singleSeats}</span>
      <select
        value={draft.singleSeats}
        onChange={({ currentTarget }) =>
          change({ singleSeats: currentTarget.value === "refused" ? "refused" : "allowed" })
        }
      >
        <option value="allowed">{t.singleSeatsAllowed}</option>
        <option value="refused">{t.singleSeatsRefused}</option>
      </select>
    </label>
  );
};

const Refunds = ({ draft, change, errors }: PartProps) => (
  <RefundFields
    rule={draft.refunds}
    at="/policy/refunds"
    errors={errors}
    onChange={(refunds) => change({ refunds })}
  />
);

/** The rules for seats, a queue that is sold out, and tickets. */
const Rules = (part: PartProps) => {
  const { draft, change, errors } = part;
  const t = texts();
  return (
    <>
      <SingleSeatsField {...part} />
      <label class="row check">
        <input
          type="checkbox"
          checked={draft.waitingList}
          onChange={({ currentTarget }) => change({ waitingList: currentTarget.checked })}
        />
        {t.waitingListOn}
      </label>
      <TransferFields
        rule={draft.transfers}
        at="/policy/transfers"
        errors={errors}
        onChange={(transfers) => change({ transfers })}
      />
    </>
  );
};

const Policy = (part: PartProps) => {
  const { draft, change, errors } = part;
  const t = texts();
  const zone = zoneOf(draft);
  const label = { ...t, maxActive: t.cap, admissionsPerMinute: t.rate };
  return (
    <fieldset class="stack">
      <legend>{t.policy}</legend>
      <label class="field">
        <span class="small">{t.mode}</span>
        <select
          value={draft.mode}
          onChange={(event) => change(inMode(draft, event.currentTarget.value))}
        >
          <option value="fifo">{t.fifo}</option>
          <option value="lottery">{t.lottery}</option>
        </select>
      </label>
      <Rules {...part} />
      <div class="grid">
        <TimeField
          {...part}
          label={t.opensAt}
          hint={t.opensHint(zone)}
          value={draft.opensAt}
          at="/policy/opensAt"
          onInput={(opensAt) => change({ opensAt })}
        />
        {draft.mode === "lottery" && (
          <TimeField
            {...part}
            label={t.admitsAt}
            hint={t.inZone(zone)}
            value={draft.admitsAt}
            at="/policy/admitsAt"
            onInput={(admitsAt) => change({ admitsAt })}
          />
        )}
        {policyNumbers.map((name) => (
          <Field
            key={name}
            label={label[name]}
            type="number"
            value={draft.numbers[name]}
            at={`/policy/${name}`}
            errors={errors}
            onInput={(value) => change({ numbers: { ...draft.numbers, [name]: value } })}
          />
        ))}
      </div>
      <Refunds {...part} />
      <button
        type="button"
        class="button quiet"
        onClick={() => change({ numbers: { ...draft.numbers, ...strictNumbers } })}
      >
        {t.strict}
      </button>
    </fieldset>
  );
};

const Facts = (part: PartProps) => {
  const { draft, change, errors } = part;
  const t = texts();
  return (
    <div class="grid">
      <Field
        label={t.title}
        value={draft.title}
        at="/title"
        errors={errors}
        onInput={(title) => change({ title })}
        required
      />
      <Field
        label={t.venue}
        value={draft.venue}
        at="/venue"
        errors={errors}
        onInput={(venue) => change({ venue })}
      />
      <Field
        label={t.zone}
        value={draft.timeZone}
        at="/timeZone"
        errors={errors}
        onInput={(timeZone) => change({ timeZone })}
      />
      <TimeField
        {...part}
        label={t.publishedAt}
        hint={t.publishedHint(zoneOf(draft))}
        value={draft.publishedAt}
        at="/publishedAt"
        onInput={(publishedAt) => change({ publishedAt })}
      />
    </div>
  );
};

/** The form for a new sale. Errors from the server show at their fields. */
export const CreateSale = () => {
  const t = texts();
  const { draft, change, reset, forget } = useKeptDraft();
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const { isBusy, run } = useSubmitting();
  const { key, renew } = useIntentKey();
  const refuse = (found: readonly FieldError[]): void => {
    setErrors(found);
    requestAnimationFrame(() => {
      (document.querySelector<HTMLElement>("[aria-invalid='true']") ?? document.body).focus();
    });
  };
  const create = async (): Promise<void> => {
    const wrong = draft.plan === null ? priceErrors(draft) : planPriceErrors(draft.plan);
    if (wrong.length > 0) return refuse(wrong);
    const result = await callOperator(createConcert, { body: requestOf(draft) }, { key });
    if (result.ok) {
      forget();
      return navigate(`/console/${result.value.concertId}`);
    }
    if (result.code === "IDEMPOTENCY_KEY_REUSED") renew();
    refuse(errorsOf(result));
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(create);
  };
  const part = { draft, change, errors };
  return (
    <form class="stack form" noValidate onSubmit={submit}>
      <Back />
      <h1>{t.newConcert}</h1>
      <ErrorList errors={errors.filter(({ pointer }) => !pointer.startsWith("/seatingPlan"))} />
      <Facts {...part} />
      <Dates {...part} />
      <Seats {...part} />
      <Policy {...part} />
      <div class="row">
        <button class="button" aria-disabled={isBusy}>
          {t.create}
        </button>
        <button class="button quiet" type="button" onClick={reset}>
          {t.startOver}
        </button>
      </div>
    </form>
  );
};
