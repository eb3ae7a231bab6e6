import { useState } from "preact/hooks";
import { listConcertsOnSale } from "../../../sdk/generated/operator.ts";
import { getSeatingPlan } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { formatNumber } from "../../shared/language.ts";
import { usePolled } from "../polling.ts";
import { callOperator } from "../session.ts";
import { decodeText } from "./csv-lines.ts";
import { importCsv, type Fault } from "./import-csv.ts";
import { draftOfPlan, draftOfSections, type PlanDraft } from "./plan-draft.ts";
import { inputOfPlan, readJsonPlan } from "./plan-files.ts";
import { planTexts } from "./plan-texts.ts";

/** As many faults as a reader can use at once. */
const faultsShown = 100;

/** A fault with its line, as text. */
const faultText = ({ line, kind, value }: Fault): string => {
  const t = planTexts();
  return `${t.onLine(formatNumber(line))} ${t.fault[kind](value)}`;
};

interface SourcesProps {
  readonly draft: PlanDraft;
  readonly onTake: (draft: PlanDraft) => void;
}

const readFile = async (file: File, draft: PlanDraft): Promise<PlanDraft | readonly string[]> => {
  const t = planTexts();
  const text = decodeText(new Uint8Array(await file.arrayBuffer()));
  if (/^\s*[{[]/.test(text)) {
    const read = readJsonPlan(text);
    if ("plan" in read) return draftOfPlan(read.plan);
    if (read.fault === "not-a-plan") return [t.notAPlan(read.at)];
    const { line } = read;
    return [line === null ? t.notJson : `${t.onLine(formatNumber(line))} ${t.notJson}`];
  }
  const { sections, grades, faults } = importCsv(text);
  return faults.length > 0 ? faults.map(faultText) : draftOfSections(draft, sections, grades);
};

const FileSource = ({ draft, onTake }: SourcesProps) => {
  const t = planTexts();
  const [faults, setFaults] = useState<readonly string[]>([]);
  const choose = async (input: HTMLInputElement): Promise<void> => {
    const [file] = input.files ?? [];
    if (file === undefined) return;
    const read = await readFile(file, draft);
    // The same file can be chosen again after it was mended.
    input.value = "";
    if (!("sections" in read)) return setFaults(read);
    setFaults([]);
    onTake(read);
  };
  return (
    <>
      <label class="field">
        <span class="small">{t.file}</span>
        <input
          type="file"
          accept=".csv,.json,text/csv,application/json"
          aria-describedby="plan-file-hint"
          onChange={(event) => void choose(event.currentTarget)}
        />
        <span id="plan-file-hint" class="small soft">
          {t.fileHint}
        </span>
      </label>
      {faults.length > 0 && (
        <div class="note bad" role="alert">
          <p>{t.faults(formatNumber(faults.length))}</p>
          <ul>
            {faults.slice(0, faultsShown).map((text) => (
              <li key={text}>{text}</li>
            ))}
            {faults.length > faultsShown && (
              <li>{t.moreFaults(formatNumber(faults.length - faultsShown))}</li>
            )}
          </ul>
        </div>
      )}
    </>
  );
};

const CopySource = ({ onTake }: Pick<SourcesProps, "onTake">) => {
  const t = planTexts();
  const [problem, setProblem] = useState<string | null>(null);
  const { value: sales } = usePolled(
    async () => {
      const result = await callOperator(listConcertsOnSale, { limit: "100" });
      return result.ok ? result.value.items : null;
    },
    60_000,
    [],
  );
  const copy = async (concertId: string): Promise<void> => {
    if (concertId === "") return;
    const result = await api.call(getSeatingPlan, { concertId });
    if (!result.ok) return setProblem(t.copyFailed);
    if (result.value.sections.some(({ name }) => name === null)) return setProblem(t.noPlan);
    setProblem(null);
    onTake(draftOfPlan(inputOfPlan(result.value)));
  };
  return (
    <label class="field">
      <span class="small">{t.copy}</span>
      <select value="" onChange={(event) => void copy(event.currentTarget.value)}>
        <option value="">{t.copyNone}</option>
        {sales?.map(({ concertId, title }) => (
          <option key={concertId} value={concertId}>
            {title}
          </option>
        ))}
      </select>
      {problem !== null && (
        <span class="small error" role="alert">
          {problem}
        </span>
      )}
    </label>
  );
};

/** Takes a plan from a file or from another sale, in place of the one in the form. */
export const PlanSources = (props: SourcesProps) => (
  <div class="grid">
    <FileSource {...props} />
    <CopySource onTake={props.onTake} />
  </div>
);
