import { useState } from "preact/hooks";
import type { PlanInput } from "../../../src/catalogue/domain/plan-input.ts";
import { Field } from "../components.tsx";
import type { FieldError } from "../session.ts";
import { texts } from "../texts.ts";
import { placedBeside } from "./beside.ts";
import { hasGrades, inGrade } from "./block-of-section.ts";
import { blockFaults, numberings, type Block, type Numbering } from "./blocks.ts";
import type { DraftGrade } from "./plan-draft.ts";
import { planTexts } from "./plan-texts.ts";

interface BlockFormProps {
  readonly from: Block;
  readonly grades: readonly DraftGrade[];
  /** The plan of the other sections. */
  readonly others: PlanInput;
  readonly isNew: boolean;
  readonly onDone: (block: Block | null) => void;
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, text: string])[];
  readonly onChoose: (value: Value) => void;
}

const Choice = <Value extends string>({ label, value, options, onChoose }: ChoiceProps<Value>) => (
  <label class="field">
    <span class="small">{label}</span>
    <select value={value} onChange={(event) => onChoose(event.currentTarget.value as Value)}>
      {options.map(([one, text]) => (
        <option key={one} value={one}>
          {text}
        </option>
      ))}
    </select>
  </label>
);

const seatedFields = ["rows", "seats", "firstRow", "curve"] as const;
const sides = ["left", "right"] as const;
const placeFields = ["x", "y", "angle"] as const;

interface FieldsProps extends Pick<BlockFormProps, "grades" | "others"> {
  readonly block: Block;
  readonly errors: readonly FieldError[];
  readonly change: (part: Partial<Block>) => void;
}

/** Fills in the place of a block from that of another section. */
const Beside = ({ block, others, change }: Omit<FieldsProps, "grades" | "errors">) => {
  const t = planTexts();
  const { sections } = others;
  const choose = (value: string): void => {
    const [side, at] = value.split(" ");
    const name = sections[Number(at)]?.name;
    if (name === undefined || blockFaults({ ...block, name: block.name || "-" }).length > 0) return;
    change(placedBeside(block, others, name, side === "left" ? "left" : "right"));
  };
  const options = sections.flatMap(({ name }, at) =>
    sides.map((side) => [`${side} ${at}`, t.beside[side](name)] as const),
  );
  return (
    <Choice label={t.place} value="" options={[["", t.placeTyped], ...options]} onChoose={choose} />
  );
};

const BlockFields = (props: FieldsProps) => {
  const { block, grades, others, errors, change } = props;
  const t = planTexts();
  const label = { ...t, name: t.blockName, seats: t.seatsPerRow };
  const field = (name: keyof typeof label & Exclude<keyof Block, "kept">) => (
    <Field
      key={name}
      label={String(label[name])}
      type={name === "name" || name === "firstRow" ? "text" : "number"}
      value={block[name]}
      at={`/block/${name}`}
      errors={errors}
      onInput={(value) => change({ [name]: value })}
      {...(name === "y" && { hint: t.placeHint })}
    />
  );
  const kinds = ["SEATED", "STANDING"] as const;
  const isBlock = block.kind === "SEATED" && block.kept === null;
  return (
    <div class="grid">
      {field("name")}
      {block.kept === null && (
        <Choice
          label={t.kind}
          value={block.kind}
          options={kinds.map((kind) => [kind, t.kinds[kind]] as const)}
          onChoose={(kind) => change({ kind })}
        />
      )}
      <Choice
        label={t.gradeOf}
        value={hasGrades(block) ? "" : block.grade}
        options={[
          ...(hasGrades(block) ? [["", t.ownGrades] as const] : []),
          ...grades.map(({ key, name }) => [key, name] as const),
        ]}
        onChoose={(grade) => change(inGrade(block, grade))}
      />
      {block.kind === "STANDING" && field("capacity")}
      {isBlock && seatedFields.map(field)}
      {isBlock && (
        <Choice<Numbering>
          label={t.numbering}
          value={block.numbering}
          options={numberings.map((one) => [one, t.numberings[one]] as const)}
          onChoose={(numbering) => change({ numbering })}
        />
      )}
      {others.sections.length > 0 && <Beside {...props} />}
      {placeFields.map(field)}
    </div>
  );
};

/** The form of a block. Nothing is added while one of its fields is not possible. */
export const BlockForm = ({ from, grades, others, isNew, onDone }: BlockFormProps) => {
  const t = planTexts();
  const [typed, setTyped] = useState(from);
  const [isTried, setTried] = useState(false);
  const isKnown = grades.some(({ key }) => key === typed.grade);
  const block = isKnown ? typed : { ...typed, grade: grades[0]?.key ?? "" };
  const isTaken = others.sections.some(({ name }) => name === block.name.trim());
  const errors: FieldError[] = [
    ...blockFaults(block).map((name) => ({ pointer: `/block/${name}`, message: t.wrong })),
    ...(isTaken ? [{ pointer: "/block/name", message: t.taken }] : []),
  ];
  const submit = (): void => {
    setTried(true);
    if (errors.length === 0) onDone(block);
  };
  return (
    <div
      class="stack block"
      role="group"
      aria-label={isNew ? t.addBlock : t.changeBlock(from.name)}
    >
      {block.kept !== null && <p class="small soft">{t.kept}</p>}
      <BlockFields
        block={block}
        grades={grades}
        others={others}
        errors={isTried ? errors : []}
        change={(part) => setTyped((before) => ({ ...before, ...part }))}
      />
      <div class="row">
        <button class="button" type="button" onClick={submit} disabled={grades.length === 0}>
          {isNew ? t.add : t.change}
        </button>
        <button class="button quiet" type="button" onClick={() => onDone(null)}>
          {texts().cancel}
        </button>
      </div>
    </div>
  );
};
