import { useRef } from "preact/hooks";
import { api } from "../shared/api.ts";
import { formatNumber } from "../shared/language.ts";
import { between, readMetrics, type Counters, type Recent } from "./metrics.ts";
import { Away, Panel } from "./components.tsx";
import { usePolled } from "./polling.ts";
import { key } from "./session.ts";
import { texts, type Texts } from "./texts.ts";

interface Reading {
  readonly atMs: number;
  readonly counters: Counters;
}

interface HealthState {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
  /** Null: the instance's metrics cannot be read from here. */
  readonly counters: Counters | null;
  readonly recent: Recent | null;
}

const recentMs = 60_000;

const fetchMetrics = async (): Promise<Reading | null> => {
  // Production asks for the key.
  const answer = await api.send("GET", "/metrics", { token: key.peek() ?? "" });
  if (answer?.ok !== true) return null;
  return { atMs: performance.now(), counters: readMetrics(await answer.text()) };
};

/** Reads readiness and metrics. Keeps the readings of two minutes, to compare the newest with. */
const readWith =
  (readings: { current: readonly Reading[] }) => async (): Promise<HealthState | null> => {
    const [readiness, reading] = await Promise.all([
      api.send("GET", "/readyz", {}),
      fetchMetrics(),
    ]);
    if (readiness === null) return null;
    const { checks } = (await readiness.json()) as Pick<HealthState, "checks">;
    const seen = { ready: readiness.ok, checks: checks ?? {} };
    if (reading === null) return { ...seen, counters: null, recent: null };
    const { atMs, counters } = reading;
    const same = readings.current.filter((one) => one.counters.startedAt === counters.startedAt);
    const first = same.find((one) => one.atMs >= atMs - recentMs - 1_500);
    readings.current = [...readings.current, reading].filter(
      (one) => one.atMs >= atMs - 2 * recentMs,
    );
    const recent =
      first === undefined ? null : between(first.counters, counters, (atMs - first.atMs) / 1_000);
    return { ...seen, counters, recent };
  };

const ms = (value: number | null): string => (value === null ? "–" : formatNumber(value));

const rowsOf = (t: Texts, counters: Counters, recent: Recent | null) =>
  [
    [
      t.requests,
      recent === null ? t.measuring : formatNumber(Math.round(recent.requestsASecond)),
      "",
    ],
    [
      t.latency,
      recent === null ? t.measuring : `≤ ${ms(recent.halfMs)} / ≤ ${ms(recent.p95Ms)} ms`,
      "",
    ],
    [
      t.errors,
      recent === null ? t.measuring : formatNumber(recent.errors),
      formatNumber(counters.errors),
    ],
    [
      t.shed,
      recent === null ? t.measuring : formatNumber(recent.shed),
      formatNumber(counters.shed),
    ],
  ] as const;

const CountersTable = ({ counters, recent }: { counters: Counters; recent: Recent | null }) => {
  const t = texts();
  return (
    <>
      <table aria-label={t.health} class="counts">
        <thead>
          <tr>
            <td />
            <th scope="col">{t.lastMinute}</th>
            <th scope="col">{t.sinceStart}</th>
          </tr>
        </thead>
        <tbody>
          {rowsOf(t, counters, recent).map(([name, now, since]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="num">{now}</td>
              <td class="num soft">{since}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{t.outbox}</th>
            <td class="num">
              {counters.outboxWaiting === null ? "–" : formatNumber(counters.outboxWaiting)}
            </td>
            <td />
          </tr>
        </tbody>
      </table>
      <p class="small soft">{t.instance}</p>
    </>
  );
};

const Chip = ({ name, isGood, text }: { name: string; isGood: boolean; text: string }) => (
  <li>
    <span class={`chip ${isGood ? "good" : "error"}`}>
      <span aria-hidden="true">{isGood ? "✓" : "✕"}</span> {name}
      {text === "" ? "" : `: ${text}`}
    </span>
  </li>
);

const labelOf = (known: Readonly<Record<string, string>>, name: string): string =>
  known[name] ?? name;

/** State of the server and its stores. */
export const Health = () => {
  const t = texts();
  const readings = useRef<readonly Reading[]>([]);
  const { value, hasFailed } = usePolled(readWith(readings), 3_000, []);
  return (
    <Panel title={t.health}>
      {hasFailed && <Away />}
      {value !== null && (
        <>
          <ul class="row">
            <Chip
              name={value.ready ? t.ready : t.notReady}
              isGood={value.ready && !hasFailed}
              text=""
            />
            {Object.entries(value.checks).map(([name, state]) => (
              <Chip
                key={name}
                name={labelOf(t.stores, name)}
                isGood={!["away", "slow"].includes(state) && !hasFailed}
                text={state === "ok" ? "" : labelOf(t.storeStates, state)}
              />
            ))}
          </ul>
          {value.counters === null ? (
            <p class="note">{t.noMetrics}</p>
          ) : (
            <CountersTable counters={value.counters} recent={value.recent} />
          )}
        </>
      )}
    </Panel>
  );
};
