import { useRef } from "preact/hooks";
import { api } from "../shared/api.ts";
import { formatNumber } from "../shared/language.ts";
import { between, readMetrics, type Counted, type Lately } from "./metrics.ts";
import { Panel } from "./parts.tsx";
import { usePolled } from "./polled.ts";
import { words, type Words } from "./words.ts";

interface Look {
  readonly atMs: number;
  readonly counted: Counted;
}

interface HealthSeen {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
  /** Null: the instance's figures cannot be read from here. */
  readonly counted: Counted | null;
  readonly lately: Lately | null;
}

const latelyMs = 60_000;

const lookAt = async (): Promise<Look | null> => {
  const answer = await api.send("GET", "/metrics", {});
  if (answer?.ok !== true) return null;
  return { atMs: performance.now(), counted: readMetrics(await answer.text()) };
};

/** Reads readiness and figures; of the looks before, those of the last minute are kept. */
const readWith = (looks: { current: readonly Look[] }) => async (): Promise<HealthSeen | null> => {
  const [readiness, look] = await Promise.all([api.send("GET", "/readyz", {}), lookAt()]);
  if (readiness === null) return null;
  const { checks } = (await readiness.json()) as Pick<HealthSeen, "checks">;
  const seen = { ready: readiness.ok, checks: checks ?? {} };
  if (look === null) return { ...seen, counted: null, lately: null };
  const { atMs, counted } = look;
  const same = looks.current.filter((one) => one.counted.startedAt === counted.startedAt);
  const first = same.find((one) => one.atMs >= atMs - latelyMs - 1_500);
  looks.current = [...looks.current, look].filter((one) => one.atMs >= atMs - 2 * latelyMs);
  const lately =
    first === undefined ? null : between(first.counted, counted, (atMs - first.atMs) / 1_000);
  return { ...seen, counted, lately };
};

const ms = (value: number | null): string => (value === null ? "–" : formatNumber(value));

const rowsOf = (w: Words, counted: Counted, lately: Lately | null) =>
  [
    [
      w.requests,
      lately === null ? w.measuring : formatNumber(Math.round(lately.requestsASecond)),
      "",
    ],
    [
      w.latency,
      lately === null ? w.measuring : `≤ ${ms(lately.halfMs)} / ≤ ${ms(lately.p95Ms)} ms`,
      "",
    ],
    [
      w.errors,
      lately === null ? w.measuring : formatNumber(lately.errors),
      formatNumber(counted.errors),
    ],
    [w.shed, lately === null ? w.measuring : formatNumber(lately.shed), formatNumber(counted.shed)],
  ] as const;

const Counts = ({ counted, lately }: { counted: Counted; lately: Lately | null }) => {
  const w = words();
  return (
    <>
      <table aria-label={w.health} class="counts">
        <thead>
          <tr>
            <td />
            <th scope="col">{w.lastMinute}</th>
            <th scope="col">{w.sinceStart}</th>
          </tr>
        </thead>
        <tbody>
          {rowsOf(w, counted, lately).map(([name, now, since]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="num">{now}</td>
              <td class="num soft">{since}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{w.outbox}</th>
            <td class="num">
              {counted.outboxWaiting === null ? "–" : formatNumber(counted.outboxWaiting)}
            </td>
            <td />
          </tr>
        </tbody>
      </table>
      <p class="small soft">{w.instance}</p>
    </>
  );
};

const Chip = ({ name, isGood, text }: { name: string; isGood: boolean; text: string }) => (
  <li>
    <span class={`chip ${isGood ? "good" : "fault"}`}>
      <span aria-hidden="true">{isGood ? "✓" : "✕"}</span> {name}
      {text === "" ? "" : `: ${text}`}
    </span>
  </li>
);

const wordOf = (known: Readonly<Record<string, string>>, name: string): string =>
  known[name] ?? name;

/** Whether server and stores are well. */
export const Health = () => {
  const w = words();
  const looks = useRef<readonly Look[]>([]);
  const { value, isAway } = usePolled(readWith(looks), 3_000, []);
  return (
    <Panel title={w.health}>
      {isAway && <p class="note bad">{w.away}</p>}
      {value !== null && (
        <>
          <ul class="row">
            <Chip
              name={value.ready ? w.ready : w.notReady}
              isGood={value.ready && !isAway}
              text=""
            />
            {Object.entries(value.checks).map(([name, state]) => (
              <Chip
                key={name}
                name={wordOf(w.stores, name)}
                isGood={state !== "away" && !isAway}
                text={state === "ok" ? "" : wordOf(w.storeStates, state)}
              />
            ))}
          </ul>
          {value.counted === null ? (
            <p class="note">{w.noMetrics}</p>
          ) : (
            <Counts counted={value.counted} lately={value.lately} />
          )}
        </>
      )}
    </Panel>
  );
};
