import { useState } from "preact/hooks";
import { listAudit } from "../../sdk/generated/operator.ts";
import type { AuditList, ConcertOnSale } from "../../sdk/generated/schemas.ts";
import type { SeatingPlan } from "../shared/hall/plan.ts";
import { ownCurrency } from "../shared/format.ts";
import { Isolated } from "../shared/isolated.tsx";
import { actionText } from "./action-texts.ts";
import { changesOf, type Changed } from "./audit-texts.ts";
import { Away, Panel } from "./components.tsx";
import { momentIn, ownZone } from "./moments.ts";
import { usePolled } from "./polling.ts";
import { callOperator } from "./session.ts";
import { texts } from "./texts.ts";

const Change = ({ name, before, after }: Changed) => (
  <li>
    <span class="soft">{name}:</span> {before}
    {before !== null && after !== null && " → "}
    {after !== null && <b>{after}</b>}
  </li>
);

interface AuditEntryProps {
  readonly entry: AuditList["items"][number];
  /** Null: the changes of all sales and of the house. */
  readonly concert: ConcertOnSale | null;
  readonly plan: SeatingPlan | null;
}

const AuditEntry = ({ entry, concert, plan }: AuditEntryProps) => {
  const { currency, timeZone } = concert ?? { currency: ownCurrency(), timeZone: ownZone };
  const moment = momentIn(timeZone);
  return (
    <li class="stack tight">
      <p class="row apart">
        <b>{actionText(entry.action)}</b>
        <span class="num small soft">{moment(entry.at)}</span>
      </p>
      <p class="small soft">
        <code>{entry.action}</code> · <code>{entry.actor}</code>
      </p>
      <ul class="small changes">
        {changesOf(entry.before, entry.after, { currency, moment, plan }).map((change) => (
          <Change key={change.name} {...change} />
        ))}
      </ul>
    </li>
  );
};

/** The audit trail of one sale, or of all. */
export const Audit = ({ concert, plan }: Omit<AuditEntryProps, "entry">) => {
  const t = texts();
  const concertId = concert?.concertId;
  const [limit, setLimit] = useState(5);
  const { value, hasFailed } = usePolled(
    async () => {
      const asked = { limit: String(limit), ...(concertId === undefined ? {} : { concertId }) };
      const result = await callOperator(listAudit, asked, { retry: { triesMax: 1 } });
      return result.ok ? result.value : null;
    },
    3_000,
    [concertId, limit],
  );
  return (
    <Panel title={t.audit}>
      {hasFailed && <Away />}
      {value?.items.length === 0 && <p class="note">{t.noAudit}</p>}
      <ol class="audit">
        {value?.items.map((entry) => (
          <Isolated
            key={entry.at + entry.action}
            fallback={<li>{`${entry.action}: ${t.unshown}`}</li>}
          >
            <AuditEntry entry={entry} concert={concert} plan={plan} />
          </Isolated>
        ))}
      </ol>
      {value?.nextCursor != null && limit < 100 && (
        <button
          class="text-button"
          type="button"
          onClick={() => setLimit(Math.min(100, limit + 20))}
        >
          {t.more}
        </button>
      )}
    </Panel>
  );
};
