import { useMemo, useState } from "preact/hooks";
import type { SectionInput } from "../../../src/catalogue/domain/plan-input.ts";
import { ownCurrency } from "../../shared/format.ts";
import { formatNumber } from "../../shared/language.ts";
import { Field } from "../components.tsx";
import { errorText } from "../error-texts.ts";
import type { FieldError } from "../session.ts";
import { texts } from "../texts.ts";
import { blockOfSection } from "./block-of-section.ts";
import { BlockForm } from "./block-form.tsx";
import { firstBlock, type Block } from "./blocks.ts";
import {
  planOf,
  seatsOf,
  withBlock,
  gradeUses,
  withGrade,
  type DraftGrade,
  type PlanDraft,
} from "./plan-draft.ts";
import { placeOfPointer } from "./plan-pointer.ts";
import { PlanPreview } from "./plan-preview.tsx";
import { PlanSources } from "./plan-sources.tsx";
import { planTexts } from "./plan-texts.ts";

interface EditorProps {
  readonly draft: PlanDraft;
  readonly errors: readonly FieldError[];
  readonly onChange: (draft: PlanDraft) => void;
}

const PlanGrades = ({ draft, errors, onChange }: EditorProps) => {
  const t = texts();
  const { grades } = draft;
  const uses = useMemo(() => gradeUses(draft), [draft]);
  const set = (n: number, part: Partial<DraftGrade>): void =>
    onChange({ ...draft, grades: grades.map((one, m) => (m === n ? { ...one, ...part } : one)) });
  return (
    <div class="stack tight" role="group" aria-label={`${t.grades} (${ownCurrency()})`}>
      <h2>{`${t.grades} (${ownCurrency()})`}</h2>
      {grades.map(({ key, name, price }, n) => (
        <div key={key} class="field-row">
          <Field
            label={`${t.name} ${n + 1}`}
            value={name}
            at={`/seatingPlan/grades/${n}/name`}
            errors={errors}
            onInput={(value) => set(n, { name: value })}
          />
          <Field
            label={`${t.price} ${n + 1}`}
            type="number"
            value={price}
            at={`/seatingPlan/grades/${n}/price`}
            errors={errors}
            onInput={(value) => set(n, { price: value })}
          />
          {uses.has(key) ? (
            <p class="small soft uses">{planTexts().usedBy(formatNumber(uses.get(key) ?? 0))}</p>
          ) : (
            <button
              class="text-button"
              type="button"
              onClick={() => onChange({ ...draft, grades: grades.filter((_, m) => m !== n) })}
            >
              {t.remove} <span class="visually-hidden">{`${t.grade} ${n + 1}`}</span>
            </button>
          )}
        </div>
      ))}
      <div>
        <button class="button quiet" type="button" onClick={() => onChange(withGrade(draft))}>
          {t.addGrade}
        </button>
      </div>
    </div>
  );
};

interface SectionsProps extends Pick<EditorProps, "draft" | "onChange"> {
  readonly onEdit: (at: number) => void;
}

const SectionItem = (props: SectionsProps & { section: SectionInput; at: number }) => {
  const t = planTexts();
  const { draft, onChange, onEdit, section, at } = props;
  const { name, kind, grade } = section;
  return (
    <li class="row apart">
      <span>
        <b>{name}</b>{" "}
        <span class="soft small">
          {t.sectionFacts(t.kinds[kind], formatNumber(seatsOf(section)), grade)}
        </span>
      </span>
      <span class="row">
        <button class="text-button" type="button" onClick={() => onEdit(at)}>
          {t.edit} <span class="visually-hidden">{name}</span>
        </button>
        <button
          class="text-button"
          type="button"
          onClick={() =>
            onChange({ ...draft, sections: draft.sections.filter((_, n) => n !== at) })
          }
        >
          {texts().remove} <span class="visually-hidden">{name}</span>
        </button>
      </span>
    </li>
  );
};

/** The server's refusals of a plan, named by section and row. */
const Refusals = ({ draft, errors }: Pick<EditorProps, "draft" | "errors">) => {
  const t = planTexts();
  const own = errors.filter(({ pointer }) => pointer.startsWith("/seatingPlan"));
  if (own.length === 0) return null;
  const plan = planOf(draft);
  return (
    <div class="note bad" role="alert">
      <p>{t.refusedPlan}</p>
      <ul>
        {own.map(({ pointer, message }) => (
          <li key={pointer + message}>
            <b>{placeOfPointer(pointer, plan)}</b> {errorText(message)}
          </li>
        ))}
      </ul>
    </div>
  );
};

/** The block that is being made or changed; a new one takes the grade and the shape of the one before. */
const blockFrom = ({ sections }: PlanDraft, at: number | null): Block => {
  const section = at === null ? sections.at(-1) : sections[at];
  if (section === undefined) return firstBlock;
  const known = blockOfSection(section);
  if (at !== null) return known;
  const fresh = { name: "", x: "", y: "", angle: "" };
  return known.kept === null ? { ...known, ...fresh } : { ...firstBlock, grade: known.grade };
};

/** Makes a seating plan from blocks, from a file or from another sale, and shows it. */
export const PlanEditor = (props: EditorProps) => {
  const t = planTexts();
  const { draft, errors, onChange } = props;
  /** The section that is being changed, or "new". */
  const [editing, setEditing] = useState<number | "new" | null>(null);
  const plan = useMemo(() => planOf(draft), [draft]);
  const seats = plan.sections.reduce((sum, section) => sum + seatsOf(section), 0);
  const at = typeof editing === "number" ? editing : null;
  const others = { ...plan, sections: plan.sections.filter((_, n) => n !== at) };
  const grades = draft.grades.filter(({ name }) => name.trim() !== "");
  const edit = (next: number | "new"): void => {
    setEditing(next);
    // The form is above the map and below the list: it takes the focus.
    requestAnimationFrame(() => document.querySelector<HTMLElement>(".block input")?.focus());
  };
  const done = (block: Block | null): void => {
    setEditing(null);
    if (block !== null) onChange(withBlock(draft, block, at));
  };
  return (
    <div class="stack">
      <PlanSources draft={draft} onTake={onChange} />
      <PlanGrades {...props} />
      <h2>{t.sections}</h2>
      <p class="soft">
        {plan.sections.length === 0
          ? t.noSections
          : t.total(formatNumber(seats), formatNumber(plan.sections.length))}
      </p>
      <ul class="sections">
        {plan.sections.map((section, n) => (
          <SectionItem
            key={n}
            draft={draft}
            onChange={onChange}
            onEdit={edit}
            section={section}
            at={n}
          />
        ))}
      </ul>
      {editing === null ? (
        <div class="row">
          <button
            class="button quiet"
            type="button"
            disabled={grades.length === 0}
            onClick={() => edit("new")}
          >
            {t.addBlock}
          </button>
          {grades.length === 0 && <span class="small soft">{t.gradesFirst}</span>}
        </div>
      ) : (
        <BlockForm
          key={String(editing)}
          from={blockFrom(draft, at)}
          grades={grades}
          others={others}
          isNew={at === null}
          onDone={done}
        />
      )}
      <Refusals draft={draft} errors={errors} />
      {plan.sections.length > 0 && <PlanPreview plan={plan} onSection={edit} />}
    </div>
  );
};
