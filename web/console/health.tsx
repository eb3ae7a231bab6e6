import { api } from "../shared/api.ts";
import { formatNumber } from "../shared/language.ts";
import { readMetrics, type ServerFigures } from "./metrics.ts";
import { Panel } from "./parts.tsx";
import { usePolled } from "./polled.ts";
import { words } from "./words.ts";

interface HealthSeen {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
  readonly figures: ServerFigures;
}

const read = async (): Promise<HealthSeen | null> => {
  const [readiness, metrics] = await Promise.all([
    api.send("GET", "/readyz", {}),
    api.send("GET", "/metrics", {}),
  ]);
  if (readiness === null || metrics === null) return null;
  const { checks } = (await readiness.json()) as Pick<HealthSeen, "checks">;
  return { ready: readiness.ok, checks: checks ?? {}, figures: readMetrics(await metrics.text()) };
};

const ms = (value: number | null): string =>
  value === null ? "–" : `${formatNumber(Math.round(value * 10) / 10)} ms`;

/** Whether server and stores are well. */
export const Health = () => {
  const w = words();
  const { value } = usePolled(read, 3_000, []);
  return (
    <Panel title={w.health}>
      {value !== null && (
        <dl class="facts">
          <div>
            <dt>{w.ready}</dt>
            <dd>
              <span class={`chip ${value.ready ? "good" : "fault"}`}>
                {value.ready ? w.ready : w.notReady}
              </span>
            </dd>
          </div>
          {Object.entries(value.checks).map(([name, state]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <span class={`chip ${state === "ok" ? "good" : "fault"}`}>{state}</span>
              </dd>
            </div>
          ))}
          <div>
            <dt>{w.latency}</dt>
            <dd class="num">
              {ms(value.figures.meanMs)} / {ms(value.figures.p95Ms)}
            </dd>
          </div>
          <div>
            <dt>{w.errors}</dt>
            <dd class="num">{formatNumber(value.figures.errors)}</dd>
          </div>
          <div>
            <dt>{w.shed}</dt>
            <dd class="num">{formatNumber(value.figures.shed)}</dd>
          </div>
          <div>
            <dt>{w.outbox}</dt>
            <dd class="num">
              {value.figures.outboxWaiting === null
                ? "–"
                : formatNumber(value.figures.outboxWaiting)}
            </dd>
          </div>
        </dl>
      )}
      <p class="small soft">{w.instance}</p>
    </Panel>
  );
};
