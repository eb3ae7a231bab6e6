import { useState } from "preact/hooks";
import { listAudit } from "../../sdk/generated/operator.ts";
import { formatMoment } from "../shared/language.ts";
import { Panel } from "./parts.tsx";
import { usePolled } from "./polled.ts";
import { ask } from "./session.ts";
import { words } from "./words.ts";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
type Values = Readonly<Record<string, unknown>>;

const text = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? "–");

/** With the members of members at the top: `policy.maxActive`. */
const flat = (values: Values | null): Values | null =>
  values === null
    ? null
    : Object.fromEntries(
        Object.entries(values).flatMap(([name, value]): [string, unknown][] =>
          typeof value === "object" && value !== null && !Array.isArray(value)
            ? Object.entries(value).map(([inner, one]) => [`${name}.${inner}`, one])
            : [[name, value]],
        ),
      );

/** What differs, one member a line. */
const changes = (before: Values | null, after: Values | null): readonly string[] =>
  [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].map((name) =>
    before === null || !(name in before)
      ? `${name}: ${text(after?.[name])}`
      : `${name}: ${text(before[name])}${after !== null && name in after ? ` → ${text(after[name])}` : ""}`,
  );

/** Who changed what of this sale. */
export const Audit = ({ concertId }: { concertId: string }) => {
  const w = words();
  const [limit, setLimit] = useState(5);
  const { value } = usePolled(
    async () => {
      const asked = { concertId, limit: String(limit) };
      const result = await ask(listAudit, asked, { patience: { triesMax: 1 } });
      return result.ok ? result.value : null;
    },
    3_000,
    [concertId, limit],
  );
  return (
    <Panel title={w.audit}>
      {value?.items.length === 0 && <p class="note">{w.noAudit}</p>}
      <ol class="audit">
        {value?.items.map((entry) => (
          <li key={entry.at + entry.action} class="stack tight">
            <p class="row apart">
              <b>{entry.action}</b>
              <span class="num small soft">
                {formatMoment(entry.at, zone, { dateStyle: "short", timeStyle: "medium" })}
              </span>
            </p>
            <p class="small soft">{entry.actor}</p>
            <ul class="small changes">
              {changes(flat(entry.before), flat(entry.after)).map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
      {value?.nextCursor != null && limit < 100 && (
        <button
          class="text-button"
          type="button"
          onClick={() => setLimit(Math.min(100, limit + 20))}
        >
          {w.more}
        </button>
      )}
    </Panel>
  );
};
