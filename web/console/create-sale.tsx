import { useState } from "preact/hooks";
import { createConcert } from "../../sdk/generated/operator.ts";
import { requestOf, firstDraft, inMode, ownZone, type Draft, type DraftGrade } from "./draft.ts";
import { Back, ErrorList, Field } from "./components.tsx";
import { navigate } from "./route.ts";
import { callOperator, errorsOf, type FieldError } from "./session.ts";
import { texts } from "./texts.ts";

type Change = (part: Partial<Draft>) => void;
interface PartProps {
  readonly draft: Draft;
  readonly change: Change;
  readonly errors: readonly FieldError[];
}

const replaced = <T,>(list: readonly T[], index: number, part: Partial<T>): T[] =>
  list.map((one, n) => (n === index ? { ...one, ...part } : one));

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
          <Field
            label={`${t.startsAt} ${n + 1}`}
            {...(n === 0 && { hint: t.startsHint(ownZone) })}
            type="datetime-local"
            value={startsAt}
            at={`/dates/${n}/startsAt`}
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

const gradeFields = ["name", "price", "from", "to"] as const;
const gradeAt = { name: "name", price: "price", from: "seats/0", to: "seats/1" } as const;

const Grades = ({ draft, change, errors }: PartProps) => {
  const t = texts();
  const set = (n: number, part: Partial<DraftGrade>): void =>
    change({ grades: replaced(draft.grades, n, part) });
  const listErrors = errors.filter(({ pointer }) => /^\/grades(\/\d+(\/seats)?)?$/.test(pointer));
  return (
    <fieldset class="stack">
      <legend>{t.grades}</legend>
      {draft.grades.map((grade, n) => (
        <div key={n} class="field-row">
          {gradeFields.map((name) => (
            <Field
              key={name}
              label={`${t[name]} ${n + 1}`}
              type={name === "name" ? "text" : "number"}
              value={grade[name]}
              at={`/grades/${n}/${gradeAt[name]}`}
              errors={errors}
              onInput={(value) => set(n, { [name]: value })}
              required
            />
          ))}
          {draft.grades.length > 1 && (
            <button
              class="text-button"
              type="button"
              onClick={() => change({ grades: draft.grades.filter((_, m) => m !== n) })}
            >
              {t.remove} <span class="visually-hidden">{`${t.grade} ${n + 1}`}</span>
            </button>
          )}
        </div>
      ))}
      <ErrorList errors={listErrors} />
      <button
        class="button quiet"
        type="button"
        onClick={() =>
          change({ grades: [...draft.grades, { name: "", price: "", from: "", to: "" }] })
        }
      >
        {t.addGrade}
      </button>
    </fieldset>
  );
};

export const policyNumbers = [
  "maxActive",
  "admissionsPerMinute",
  "shoppersPerSeat",
  "sessionSeconds",
  "claimSeconds",
  "holdSeconds",
  "maxSeatsPerUser",
  "maxSeatsPerReservation",
] as const;

const Policy = ({ draft, change, errors }: PartProps) => {
  const t = texts();
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
      <div class="grid">
        <Field
          label={t.opensAt}
          hint={t.opensHint(ownZone)}
          type="datetime-local"
          value={draft.opensAt}
          at="/policy/opensAt"
          errors={errors}
          onInput={(opensAt) => change({ opensAt })}
        />
        {draft.mode === "lottery" && (
          <Field
            label={t.admitsAt}
            hint={t.admitsHint(ownZone)}
            type="datetime-local"
            value={draft.admitsAt}
            at="/policy/admitsAt"
            errors={errors}
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
    </fieldset>
  );
};

/** The form for a new sale. Errors from the server show at their fields. */
export const CreateSale = () => {
  const t = texts();
  const [draft, setDraft] = useState(firstDraft);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const change: Change = (part) => setDraft((before) => ({ ...before, ...part }));
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const result = await callOperator(createConcert, { body: requestOf(draft) });
    if (result.ok) return navigate(`/console/${result.value.concertId}`);
    setErrors(errorsOf(result));
    requestAnimationFrame(() => {
      (document.querySelector<HTMLElement>("[aria-invalid='true']") ?? document.body).focus();
    });
  };
  const part = { draft, change, errors };
  return (
    <form class="stack form" noValidate onSubmit={(event) => void submit(event)}>
      <Back />
      <h1>{t.newConcert}</h1>
      <ErrorList errors={errors} />
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
      </div>
      <Dates {...part} />
      <Grades {...part} />
      <Policy {...part} />
      <button class="button">{t.create}</button>
    </form>
  );
};
