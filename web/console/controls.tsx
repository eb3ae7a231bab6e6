import { useState } from "preact/hooks";
import {
  changePolicy,
  pauseQueue,
  previewPolicy,
  resumeQueue,
} from "../../sdk/generated/operator.ts";
import type { ConcertOnSale } from "../../sdk/generated/schemas.ts";
import type { Result } from "../../sdk/client.ts";
import { second } from "../shared/clock.ts";
import { formatNumber } from "../shared/language.ts";
import { CloseSale } from "./close-sale.tsx";
import { ForecastTable, adjustable, settingsBy, type Settings } from "./forecast.tsx";
import { duration, ErrorList, Field, Panel } from "./components.tsx";
import { usePolled } from "./polling.ts";
import { callOperator, errorsOf, type FieldError } from "./session.ts";
import { RefundRule } from "./refund-rule.tsx";
import { SingleSeats } from "./single-seats.tsx";
import { WaitingList } from "./waiting-list.tsx";
import { StrictLimits } from "./strict-limits.tsx";
import { useSubmitting } from "./submitting.ts";
import { texts } from "./texts.ts";
import { TransferRule } from "./transfer-rule.tsx";

interface ControlsProps {
  readonly concert: ConcertOnSale;
  readonly onChange: () => void;
}

type Ask = () => Promise<Result<unknown, string>>;

const secondsSince = (at: string): number =>
  Math.max(0, second.value - Math.floor(Date.parse(at) / 1_000));

/** Whether people are admitted, and for how long that has been or will be so. */
const AdmissionStatus = ({ concert }: { concert: ConcertOnSale }) => {
  const t = texts();
  const { pausedAt, resumedAt, rampSeconds, queue } = concert;
  if (pausedAt !== null)
    return <p class="note spot">{t.since(duration(secondsSince(pausedAt)))}</p>;
  const rampLeft = resumedAt === null ? 0 : (rampSeconds ?? 0) - secondsSince(resumedAt);
  if (rampLeft > 0) return <p class="note spot">{t.ramping(duration(rampLeft))}</p>;
  return <p class="note">{queue.state === "OPEN" ? t.running : t.state[queue.state]}</p>;
};

const PauseForm = (props: {
  concert: ConcertOnSale;
  errors: readonly FieldError[];
  isBusy: boolean;
  run: (ask: Ask) => Promise<void>;
}) => {
  const t = texts();
  const { concert, errors, isBusy, run } = props;
  const { concertId, pausedAt } = concert;
  const [ramp, setRamp] = useState("60");
  if (pausedAt === null) {
    const pause = (): void => void run(() => callOperator(pauseQueue, { concertId }));
    return (
      <div>
        <button class="button" type="button" aria-disabled={isBusy} onClick={pause}>
          {t.pause}
        </button>
      </div>
    );
  }
  const resume = (event: Event): void => {
    event.preventDefault();
    const body = { rampSeconds: Number(ramp) };
    void run(() => callOperator(resumeQueue, { concertId, body }));
  };
  return (
    <form class="row end" noValidate onSubmit={resume}>
      <Field
        label={t.ramp}
        type="number"
        value={ramp}
        onInput={setRamp}
        at="/rampSeconds"
        errors={errors}
      />
      <button class="button" aria-disabled={isBusy}>
        {t.resume}
      </button>
    </form>
  );
};

interface SettingsProps {
  readonly concert: ConcertOnSale;
  readonly errors: readonly FieldError[];
  readonly typed: Typed;
  readonly isChanged: boolean;
  readonly onType: (typed: Typed) => void;
  readonly onApply: () => void;
}

/** Settings as typed. A field that is not touched follows the policy in force. */
type Typed = Partial<Record<keyof Settings, string>>;

const SettingsForm = (props: SettingsProps) => {
  const t = texts();
  const { concert, errors, typed, isChanged, onType, onApply } = props;
  const { policy } = concert;
  const submit = (event: Event): void => {
    event.preventDefault();
    if (isChanged) onApply();
  };
  const label = { ...t, admissionsPerMinute: t.rate, maxActive: t.cap };
  return (
    <form class="stack" noValidate onSubmit={submit}>
      <div class="field-row level">
        {adjustable.map((name) => (
          <Field
            key={name}
            label={label[name]}
            type="number"
            value={typed[name] ?? String(policy[name])}
            onInput={(value) => onType({ ...typed, [name]: value })}
            at={`/${name}`}
            errors={errors}
            hint={`${t.now}: ${formatNumber(policy[name])}`}
          />
        ))}
      </div>
      <div class="row">
        <button class="button" aria-disabled={!isChanged} aria-describedby="why-not">
          {t.apply}
        </button>
        <span id="why-not" class="small soft">
          {isChanged ? "" : t.nothingChanged}
        </span>
      </div>
    </form>
  );
};

const numberIn = (typed: string | undefined, current: number): number =>
  typed === undefined ? current : typed.trim() === "" ? 0 : Number(typed);

/** The server's preview of the settings, asked again every 3 s, and the errors that it finds. */
const usePreview = (concertId: string, settings: Settings) =>
  usePolled(
    async () => {
      const once = { retry: { triesMax: 1 } };
      const result = await callOperator(previewPolicy, { concertId, body: settings }, once);
      if (result.ok) return { seen: result.value, errors: [] };
      return result.code === "INVALID_REQUEST" ? { seen: null, errors: errorsOf(result) } : null;
    },
    3_000,
    [concertId, ...adjustable.map((name) => settings[name])],
  );

interface RulesProps {
  readonly concert: ConcertOnSale;
  readonly errors: readonly FieldError[];
  readonly isBusy: boolean;
  readonly onApply: (rule: Partial<ConcertOnSale["policy"]>) => void;
}

/** The rules of the sale that no forecast depends on. */
const Rules = (props: RulesProps) => {
  const { refunds, transfers } = props.concert.policy;
  return (
    <>
      <StrictLimits {...props} />
      <RefundRule key={`refunds ${JSON.stringify(refunds)}`} {...props} />
      <SingleSeats {...props} />
      <WaitingList {...props} />
      <TransferRule key={`transfers ${JSON.stringify(transfers)}`} {...props} />
    </>
  );
};

/** Pause and resume, settings with their preview, and closing. */
const ControlsForm = ({ concert, onChange }: ControlsProps) => {
  const t = texts();
  const { concertId } = concert;
  const [typed, setTyped] = useState<Typed>({});
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [isApplied, setApplied] = useState(false);
  const settings = settingsBy((name) => numberIn(typed[name], concert.policy[name]));
  const isChanged = adjustable.some((name) => settings[name] !== concert.policy[name]);
  const preview = usePreview(concertId, settings);
  const seen = preview.value?.seen ?? null;
  const fieldErrors = [...(preview.value?.errors ?? []), ...errors];

  const { isBusy, run } = useSubmitting();
  // The second click of a double click on Pause would meet Resume, which takes its place.
  const submit = (ask: Ask): Promise<void> =>
    run(async () => {
      const result = await ask();
      setErrors(result.ok ? [] : errorsOf(result));
      setApplied(result.ok);
      if (result.ok) setTyped({});
      onChange();
    });
  return (
    <>
      <AdmissionStatus concert={concert} />
      <PauseForm concert={concert} errors={errors} isBusy={isBusy} run={submit} />
      <SettingsForm
        concert={concert}
        errors={fieldErrors}
        typed={typed}
        isChanged={isChanged}
        onType={(next) => {
          setTyped(next);
          setApplied(false);
          setErrors([]);
        }}
        onApply={() => void submit(() => callOperator(changePolicy, { concertId, body: settings }))}
      />
      <Rules
        concert={concert}
        errors={errors}
        isBusy={isBusy}
        onApply={(rule) => void submit(() => callOperator(changePolicy, { concertId, body: rule }))}
      />
      {seen !== null && <ForecastTable preview={seen} isChanged={isChanged} />}
      {preview.hasFailed && <p class="note">{t.previewGone}</p>}
      <p role="status" class="small">
        {isApplied ? t.applied : ""}
      </p>
      <ErrorList errors={errors} />
      <CloseSale concert={concert} onChange={onChange} />
    </>
  );
};

/** The controls of a running sale. */
export const Controls = (props: ControlsProps) => {
  const t = texts();
  return (
    <Panel title={t.controls}>
      {props.concert.closedAt === null ? (
        <ControlsForm {...props} />
      ) : (
        <p class="note">{t.closedFinal}</p>
      )}
    </Panel>
  );
};
