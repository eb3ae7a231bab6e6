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
    [w.admitted, (it) => formatNumber(it.admissionsPerMinute)],
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

/** Pause, resume, rate and cap with a preview, close. */
export const Steer = ({ concert, onChange }: SteerProps) => {
  const w = words();
  const { concertId, policy, pausedAt, closedAt } = concert;
  const [ramp, setRamp] = useState("0");
  const [rate, setRate] = useState(String(policy.admissionsPerMinute));
  const [cap, setCap] = useState(String(policy.maxActive));
  const [seen, setSeen] = useState<PolicyPreview | null>(null);
  const [faults, setFaults] = useState<readonly FieldFault[]>([]);
  const [isApplied, setApplied] = useState(false);
  const [isClosing, setClosing] = useState(false);
  const wish = { admissionsPerMinute: Number(rate), maxActive: Number(cap) };

  const take = <T,>(result: Result<T, string>): T | null => {
    setFaults(result.ok ? [] : faultsOf(result));
    onChange();
    return result.ok ? result.value : null;
  };
  const run = async (asked: Promise<Result<unknown, string>>): Promise<void> => {
    setApplied(take(await asked) !== null);
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
      <div class="row end">
        {pausedAt === null ? (
          <button
            class="button"
            type="button"
            onClick={() => void run(ask(pauseQueue, { concertId }))}
          >
            {w.pause}
          </button>
        ) : (
          <>
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
          </>
        )}
      </div>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void run(ask(changePolicy, { concertId, body: wish }));
        }}
      >
        <div class="grid">
          <Field
            label={w.rate}
            type="number"
            value={rate}
            onInput={setRate}
            at="/admissionsPerMinute"
            faults={faults}
          />
          <Field
            label={w.cap}
            type="number"
            value={cap}
            onInput={setCap}
            at="/maxActive"
            faults={faults}
          />
        </div>
        <div class="row">
          <button
            class="button quiet"
            type="button"
            onClick={() =>
              void ask(previewPolicy, { concertId, body: wish }).then((it) => setSeen(take(it)))
            }
          >
            {w.preview}
          </button>
          <button class="button">{w.apply}</button>
        </div>
      </form>
      {seen !== null && <Outlooks seen={seen} />}
      <p role="status" class="small">
        {isApplied && faults.length === 0 ? w.applied : ""}
      </p>
      {faults.length > 0 && (
        <p class="note bad" role="alert">
          {w.refused} {faults.map(({ pointer, message }) => `${pointer} ${message}`).join("; ")}
        </p>
      )}
      <div>
        <button class="button quiet danger" type="button" onClick={() => setClosing(true)}>
          {w.close}
        </button>
      </div>
      {isClosing && (
        <Close
          concert={concert}
          onDone={() => {
            setClosing(false);
            onChange();
          }}
        />
      )}
    </Panel>
  );
};
