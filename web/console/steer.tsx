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
import { Closing } from "./closing.tsx";
import { Outlooks, steered, wishBy, type Wish } from "./outlook.tsx";
import { duration, Faults, Field, Panel } from "./parts.tsx";
import { usePolled } from "./polled.ts";
import { ask, faultsOf, type FieldFault } from "./session.ts";
import { words } from "./words.ts";

interface SteerProps {
  readonly concert: ConcertOnSale;
  readonly onChange: () => void;
}

type Asked = Promise<Result<unknown, string>>;

const secondsSince = (at: string): number =>
  Math.max(0, second.value - Math.floor(Date.parse(at) / 1_000));

/** Whether people are let in, and since when or until when that is so. */
const Admission = ({ concert }: { concert: ConcertOnSale }) => {
  const w = words();
  const { pausedAt, resumedAt, rampSeconds, queue } = concert;
  if (pausedAt !== null)
    return <p class="note spot">{w.since(duration(secondsSince(pausedAt)))}</p>;
  const rampLeft = resumedAt === null ? 0 : (rampSeconds ?? 0) - secondsSince(resumedAt);
  if (rampLeft > 0) return <p class="note spot">{w.ramping(duration(rampLeft))}</p>;
  return <p class="note">{queue.state === "OPEN" ? w.running : w.state[queue.state]}</p>;
};

const Pausing = (props: {
  concert: ConcertOnSale;
  faults: readonly FieldFault[];
  run: (asked: Asked) => Promise<void>;
}) => {
  const w = words();
  const { concert, faults, run } = props;
  const { concertId, pausedAt } = concert;
  const [ramp, setRamp] = useState("60");
  if (pausedAt === null) {
    const pause = (): void => void run(ask(pauseQueue, { concertId }));
    return (
      <div>
        <button class="button" type="button" onClick={pause}>
          {w.pause}
        </button>
      </div>
    );
  }
  const resume = (event: Event): void => {
    event.preventDefault();
    void run(ask(resumeQueue, { concertId, body: { rampSeconds: Number(ramp) } }));
  };
  return (
    <form class="row end" noValidate onSubmit={resume}>
      <Field
        label={w.ramp}
        type="number"
        value={ramp}
        onInput={setRamp}
        at="/rampSeconds"
        faults={faults}
      />
      <button class="button">{w.resume}</button>
    </form>
  );
};

interface SettingsProps {
  readonly concert: ConcertOnSale;
  readonly faults: readonly FieldFault[];
  readonly typed: Typed;
  readonly isChanged: boolean;
  readonly onType: (typed: Typed) => void;
  readonly onApply: () => void;
}

/** Settings as they are typed; what is not touched follows what is in force. */
type Typed = Partial<Record<keyof Wish, string>>;

const Settings = (props: SettingsProps) => {
  const w = words();
  const { concert, faults, typed, isChanged, onType, onApply } = props;
  const { policy } = concert;
  const submit = (event: Event): void => {
    event.preventDefault();
    if (isChanged) onApply();
  };
  const label = { ...w, admissionsPerMinute: w.rate, maxActive: w.cap };
  return (
    <form class="stack" noValidate onSubmit={submit}>
      <div class="line-of level">
        {steered.map((name) => (
          <Field
            key={name}
            label={label[name]}
            type="number"
            value={typed[name] ?? String(policy[name])}
            onInput={(value) => onType({ ...typed, [name]: value })}
            at={`/${name}`}
            faults={faults}
            hint={`${w.now}: ${formatNumber(policy[name])}`}
          />
        ))}
      </div>
      <div class="row">
        <button class="button" aria-disabled={!isChanged} aria-describedby="why-not">
          {w.apply}
        </button>
        <span id="why-not" class="small soft">
          {isChanged ? "" : w.nothingChanged}
        </span>
      </div>
    </form>
  );
};

const numberIn = (typed: string | undefined, current: number): number =>
  typed === undefined ? current : typed.trim() === "" ? 0 : Number(typed);

/** What the wish comes to, asked again as the queue goes on; its faults are the server's. */
const usePreview = (concertId: string, wish: Wish) =>
  usePolled(
    async () => {
      const once = { patience: { triesMax: 1 } };
      const result = await ask(previewPolicy, { concertId, body: wish }, once);
      if (result.ok) return { seen: result.value, faults: [] };
      return result.code === "INVALID_REQUEST" ? { seen: null, faults: faultsOf(result) } : null;
    },
    3_000,
    [concertId, ...steered.map((name) => wish[name])],
  );

/** Pause, resume, settings with what comes of them, close. */
const Steering = ({ concert, onChange }: SteerProps) => {
  const w = words();
  const { concertId } = concert;
  const [typed, setTyped] = useState<Typed>({});
  const [faults, setFaults] = useState<readonly FieldFault[]>([]);
  const [isApplied, setApplied] = useState(false);
  const wish = wishBy((name) => numberIn(typed[name], concert.policy[name]));
  const isChanged = steered.some((name) => wish[name] !== concert.policy[name]);
  const preview = usePreview(concertId, wish);
  const seen = preview.value?.seen ?? null;
  const fieldFaults = [...(preview.value?.faults ?? []), ...faults];

  const run = async (asked: Asked): Promise<void> => {
    const result = await asked;
    setFaults(result.ok ? [] : faultsOf(result));
    setApplied(result.ok);
    if (result.ok) setTyped({});
    onChange();
  };
  return (
    <>
      <Admission concert={concert} />
      <Pausing concert={concert} faults={faults} run={run} />
      <Settings
        concert={concert}
        faults={fieldFaults}
        typed={typed}
        isChanged={isChanged}
        onType={(next) => {
          setTyped(next);
          setApplied(false);
          setFaults([]);
        }}
        onApply={() => void run(ask(changePolicy, { concertId, body: wish }))}
      />
      {seen !== null && <Outlooks seen={seen} isChanged={isChanged} />}
      {preview.isAway && <p class="note">{w.previewGone}</p>}
      <p role="status" class="small">
        {isApplied ? w.applied : ""}
      </p>
      <Faults faults={faults} />
      <Closing concert={concert} onChange={onChange} />
    </>
  );
};

/** What the operator can do about the sale. */
export const Steer = (props: SteerProps) => {
  const w = words();
  return (
    <Panel title={w.steer}>
      {props.concert.closedAt === null ? (
        <Steering {...props} />
      ) : (
        <p class="note">{w.closedFinal}</p>
      )}
    </Panel>
  );
};
