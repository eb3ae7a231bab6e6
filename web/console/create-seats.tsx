import { ownCurrency } from "../shared/format.ts";
import { ErrorList, Field } from "./components.tsx";
import type { Draft, DraftGrade } from "./draft.ts";
import { Radios } from "./radios.tsx";
import { emptyPlan } from "./plan/plan-draft.ts";
import { PlanEditor } from "./plan/plan-editor.tsx";
import { planTexts } from "./plan/plan-texts.ts";
import type { FieldError } from "./session.ts";
import { texts } from "./texts.ts";

export type Change = (part: Partial<Draft>) => void;

/** The properties that the parts of the form for a new sale share. */
export interface PartProps {
  readonly draft: Draft;
  readonly change: Change;
  readonly errors: readonly FieldError[];
}

export const replaced = <T,>(list: readonly T[], index: number, part: Partial<T>): T[] =>
  list.map((one, n) => (n === index ? { ...one, ...part } : one));

const gradeFields = ["name", "price", "from", "to"] as const;
const gradeAt = { name: "name", price: "price", from: "seats/0", to: "seats/1" } as const;

const Grades = ({ draft, change, errors }: PartProps) => {
  const t = texts();
  const set = (n: number, part: Partial<DraftGrade>): void =>
    change({ grades: replaced(draft.grades, n, part) });
  const listErrors = errors.filter(({ pointer }) => /^\/grades(\/\d+(\/seats)?)?$/.test(pointer));
  return (
    <fieldset class="stack">
      <legend>{`${t.grades} (${ownCurrency()})`}</legend>
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

/** The grades that a plan begins with: those of the 50 seats. */
const firstPlan = ({ grades }: Draft) => ({
  ...emptyPlan,
  grades: grades.map(({ name, price }, n) => ({ key: `#${n + 1}`, name, price })),
});

/** The seats of a new sale: 50 of them by grade, or a seating plan. */
export const Seats = (part: PartProps) => {
  const t = planTexts();
  const { draft, change, errors } = part;
  const kinds = [
    [false, t.byGrades],
    [true, t.byPlan],
  ] as const;
  return (
    <>
      <Radios
        isCard
        name="seats"
        legend={t.seats}
        value={draft.plan !== null}
        options={kinds}
        onChoose={(withPlan) => change({ plan: withPlan ? firstPlan(draft) : null })}
      />
      {draft.plan === null ? (
        <Grades {...part} />
      ) : (
        <fieldset>
          <legend>{t.byPlan}</legend>
          <PlanEditor draft={draft.plan} errors={errors} onChange={(plan) => change({ plan })} />
        </fieldset>
      )}
    </>
  );
};
