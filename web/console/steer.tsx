import { useState } from "preact/hooks";
import {
  changePolicy,
  closeQueue,
  pauseQueue,
  previewPolicy,
  resumeQueue,
} from "../../sdk/generated/operator.ts";
import type { ConcertOnSale, PolicyPreview } from "../../sdk/generated/schemas.ts";
import type { Result } from "../../sdk/client.ts";
import { formatNumber } from "../shared/language.ts";
import { Dialog, duration, Field, Panel } from "./parts.tsx";
import { ask, faultsOf, type FieldFault } from "./session.ts";
import { words } from "./words.ts";

interface SteerProps {
  readonly concert: ConcertOnSale;
  readonly onChange: () => void;
}

const Outlooks = ({ seen }: { seen: PolicyPreview }) => {
  const w = words();
  const { now, changed } = seen;
  const rows: readonly [string, (it: PolicyPreview["now"]) => string][] = [
    [w.lastWait, (it) => duration(it.lastWaitSeconds)],
    [w.turns, (it) => formatNumber(it.turns)],
    [w.rate, (it) => formatNumber(it.admissionsPerMinute)],
    [w.limited, (it) => (it.limitedBy === null ? "–" : w.limits[it.limitedBy])],
    [w.endsWith, (it) => w.ends[it.ends]],
  ];
  return (
    <table aria-label={w.preview}>
      <thead>
        <tr>
          <td />
          <th scope="col">{w.now}</th>
          <th scope="col">{w.changed}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, read]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="num">{read(now)}</td>
            <td class="num">
              <b>{read(changed)}</b>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const Close = ({ concert, onDone }: { concert: ConcertOnSale; onDone: () => void }) => {
  const w = words();
  const [typed, setTyped] = useState("");
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (typed.trim() !== concert.title) return;
    const { concertId } = concert;
    await ask(closeQueue, { concertId });
    onDone();
  };
  return (
    <Dialog title={w.close} onClose={onDone}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <p>{w.closeWarn}</p>
        <Field label={w.typeTitle(concert.title)} value={typed} onInput={setTyped} />
        <div class="row">
          <button class="button quiet" type="button" onClick={onDone}>
            {w.cancel}
          </button>
          <button class="button danger" disabled={typed.trim() !== concert.title}>
            {w.closeNow}
          </button>
        </div>
      </form>
    </Dialog>
  );
};

type Asked = Promise<Result<unknown, string>>;

const Pausing = (props: {
  concert: ConcertOnSale;
  faults: readonly FieldFault[];
  run: (asked: Asked) => Promise<void>;
}) => {
  const w = words();
  const { concert, faults, run } = props;
  const { concertId, pausedAt } = concert;
  const [ramp, setRamp] = useState("0");
  if (pausedAt === null) {
    return (
      <div>
        <button
          class="button"
          type="button"
          onClick={() => void run(ask(pauseQueue, { concertId }))}
        >
          {w.pause}
        </button>
      </div>
    );
  }
  return (
    <div class="row end">
      <Field
        label={w.ramp}
        type="number"
        value={ramp}
        onInput={setRamp}
        at="/rampSeconds"
        faults={faults}
      />
      <button
        class="button"
        type="button"
        onClick={() =>
          void run(ask(resumeQueue, { concertId, body: { rampSeconds: Number(ramp) } }))
        }
      >
        {w.resume}
      </button>
    </div>
  );
};

interface Wish {
  readonly admissionsPerMinute: number;
  readonly maxActive: number;
}

const Settings = (props: {
  concert: ConcertOnSale;
  faults: readonly FieldFault[];
  onPreview: (wish: Wish) => void;
  onApply: (wish: Wish) => void;
}) => {
  const w = words();
  const { policy } = props.concert;
  const [rate, setRate] = useState(String(policy.admissionsPerMinute));
  const [cap, setCap] = useState(String(policy.maxActive));
  const wish = { admissionsPerMinute: Number(rate), maxActive: Number(cap) };
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        props.onApply(wish);
      }}
    >
      <div class="grid">
        <Field
          label={w.rate}
          type="number"
          value={rate}
          onInput={setRate}
          at="/admissionsPerMinute"
          faults={props.faults}
        />
        <Field
          label={w.cap}
          type="number"
          value={cap}
          onInput={setCap}
          at="/maxActive"
          faults={props.faults}
        />
      </div>
      <div class="row">
        <button class="button quiet" type="button" onClick={() => props.onPreview(wish)}>
          {w.preview}
        </button>
        <button class="button">{w.apply}</button>
      </div>
    </form>
  );
};

const Closing = ({ concert, onChange }: SteerProps) => {
  const [isClosing, setClosing] = useState(false);
  const done = (): void => {
    setClosing(false);
    onChange();
  };
  return (
    <div>
      <button class="button quiet danger" type="button" onClick={() => setClosing(true)}>
        {words().close}
      </button>
      {isClosing && <Close concert={concert} onDone={done} />}
    </div>
  );
};

/** Pause, resume, rate and cap with a preview, close. */
export const Steer = ({ concert, onChange }: SteerProps) => {
  const w = words();
  const { concertId, closedAt } = concert;
  const [seen, setSeen] = useState<PolicyPreview | null>(null);
  const [faults, setFaults] = useState<readonly FieldFault[]>([]);
  const [isApplied, setApplied] = useState(false);

  const take = <T,>(result: Result<T, string>): T | null => {
    setFaults(result.ok ? [] : faultsOf(result));
    return result.ok ? result.value : null;
  };
  const run = async (asked: Asked): Promise<void> => {
    setApplied(take(await asked) !== null);
    onChange();
  };
  const preview = async (body: Wish): Promise<void> => {
    setApplied(false);
    setSeen(take(await ask(previewPolicy, { concertId, body })));
  };
  if (closedAt !== null) {
    return (
      <Panel title={w.steer}>
        <p class="note">{w.state.CLOSED}</p>
      </Panel>
    );
  }
  return (
    <Panel title={w.steer}>
      <Pausing concert={concert} faults={faults} run={run} />
      <Settings
        concert={concert}
        faults={faults}
        onPreview={(body) => void preview(body)}
        onApply={(body) => void run(ask(changePolicy, { concertId, body }))}
      />
      {seen !== null && <Outlooks seen={seen} />}
      <p role="status" class="small">
        {isApplied ? w.applied : ""}
      </p>
      {faults.length > 0 && (
        <p class="note bad" role="alert">
          {w.refused} {faults.map(({ pointer, message }) => `${pointer} ${message}`).join("; ")}
        </p>
      )}
      <Closing concert={concert} onChange={onChange} />
    </Panel>
  );
};
