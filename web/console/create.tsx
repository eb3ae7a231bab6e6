import { useState } from "preact/hooks";
import { createConcert } from "../../sdk/generated/operator.ts";
import { draftOf, firstDraft, inMode, ownZone, type Draft, type DraftGrade } from "./draft.ts";
import { Back, Faults, Field } from "./parts.tsx";
import { go } from "./route.ts";
import { ask, faultsOf, type FieldFault } from "./session.ts";
import { words } from "./words.ts";

type Change = (part: Partial<Draft>) => void;
interface PartProps {
  readonly draft: Draft;
  readonly change: Change;
  readonly faults: readonly FieldFault[];
}

const replaced = <T,>(list: readonly T[], index: number, part: Partial<T>): T[] =>
  list.map((one, n) => (n === index ? { ...one, ...part } : one));

const Dates = ({ draft, change, faults }: PartProps) => {
  const w = words();
  return (
    <fieldset class="stack">
      <legend>{w.dates}</legend>
      {draft.dates.map(({ date, startsAt }, n) => (
        <div key={n} class="grid">
          <Field
            label={`${w.date} ${n + 1}`}
            type="date"
            value={date}
            at={`/dates/${n}/date`}
            faults={faults}
            onInput={(value) => change({ dates: replaced(draft.dates, n, { date: value }) })}
            required
          />
          <Field
            label={`${w.startsAt} ${n + 1}`}
            {...(n === 0 && { hint: w.startsHint(ownZone) })}
            type="datetime-local"
            value={startsAt}
            at={`/dates/${n}/startsAt`}
            faults={faults}
            onInput={(value) => change({ dates: replaced(draft.dates, n, { startsAt: value }) })}
          />
          {draft.dates.length > 1 && (
            <button
              class="text-button"
              type="button"
              onClick={() => change({ dates: draft.dates.filter((_, m) => m !== n) })}
            >
              {w.remove} <span class="hidden">{`${w.date} ${n + 1}`}</span>
            </button>
          )}
        </div>
      ))}
      <button
        class="button quiet"
        type="button"
        onClick={() => change({ dates: [...draft.dates, { date: "", startsAt: "" }] })}
      >
        {w.addDate}
      </button>
    </fieldset>
  );
};

const gradeFields = ["name", "price", "from", "to"] as const;
const gradeAt = { name: "name", price: "price", from: "seats/0", to: "seats/1" } as const;

const Grades = ({ draft, change, faults }: PartProps) => {
  const w = words();
  const set = (n: number, part: Partial<DraftGrade>): void =>
    change({ grades: replaced(draft.grades, n, part) });
  const loose = faults.filter(({ pointer }) => /^\/grades(\/\d+(\/seats)?)?$/.test(pointer));
  return (
    <fieldset class="stack">
      <legend>{w.grades}</legend>
      {draft.grades.map((grade, n) => (
        <div key={n} class="line-of">
          {gradeFields.map((name) => (
            <Field
              key={name}
              label={`${w[name]} ${n + 1}`}
              type={name === "name" ? "text" : "number"}
              value={grade[name]}
              at={`/grades/${n}/${gradeAt[name]}`}
              faults={faults}
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
              {w.remove} <span class="hidden">{`${w.grade} ${n + 1}`}</span>
            </button>
          )}
        </div>
      ))}
      <Faults faults={loose} />
      <button
        class="button quiet"
        type="button"
        onClick={() =>
          change({ grades: [...draft.grades, { name: "", price: "", from: "", to: "" }] })
        }
      >
        {w.addGrade}
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

const Policy = ({ draft, change, faults }: PartProps) => {
  const w = words();
  const label = { ...w, maxActive: w.cap, admissionsPerMinute: w.rate };
  return (
    <fieldset class="stack">
      <legend>{w.policy}</legend>
      <label class="field">
        <span class="small">{w.mode}</span>
        <select
          value={draft.mode}
          onChange={(event) => change(inMode(draft, event.currentTarget.value))}
        >
          <option value="fifo">{w.fifo}</option>
          <option value="lottery">{w.lottery}</option>
        </select>
      </label>
      <div class="grid">
        <Field
          label={w.opensAt}
          hint={w.opensHint(ownZone)}
          type="datetime-local"
          value={draft.opensAt}
          at="/policy/opensAt"
          faults={faults}
          onInput={(opensAt) => change({ opensAt })}
        />
        {draft.mode === "lottery" && (
          <Field
            label={w.admitsAt}
            hint={w.admitsHint(ownZone)}
            type="datetime-local"
            value={draft.admitsAt}
            at="/policy/admitsAt"
            faults={faults}
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
            faults={faults}
            onInput={(value) => change({ numbers: { ...draft.numbers, [name]: value } })}
          />
        ))}
      </div>
    </fieldset>
  );
};

/** The form of a new sale; what the server refuses is said at the field. */
export const Create = () => {
  const w = words();
  const [draft, setDraft] = useState(firstDraft);
  const [faults, setFaults] = useState<readonly FieldFault[]>([]);
  const change: Change = (part) => setDraft((before) => ({ ...before, ...part }));
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const result = await ask(createConcert, { body: draftOf(draft) });
    if (result.ok) return go(`/console/${result.value.concertId}`);
    setFaults(faultsOf(result));
    requestAnimationFrame(() => {
      (document.querySelector<HTMLElement>("[aria-invalid='true']") ?? document.body).focus();
    });
  };
  const part = { draft, change, faults };
  return (
    <form class="stack form" noValidate onSubmit={(event) => void submit(event)}>
      <Back />
      <h1>{w.newConcert}</h1>
      <Faults faults={faults} />
      <div class="grid">
        <Field
          label={w.title}
          value={draft.title}
          at="/title"
          faults={faults}
          onInput={(title) => change({ title })}
          required
        />
        <Field
          label={w.venue}
          value={draft.venue}
          at="/venue"
          faults={faults}
          onInput={(venue) => change({ venue })}
        />
        <Field
          label={w.zone}
          value={draft.timeZone}
          at="/timeZone"
          faults={faults}
          onInput={(timeZone) => change({ timeZone })}
        />
      </div>
      <Dates {...part} />
      <Grades {...part} />
      <Policy {...part} />
      <button class="button">{w.create}</button>
    </form>
  );
};
