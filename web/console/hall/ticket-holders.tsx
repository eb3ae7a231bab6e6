import { readTicketHistory } from "../../../sdk/generated/operator.ts";
import { Away } from "../components.tsx";
import { momentIn } from "../moments.ts";
import { usePolled } from "../polling.ts";
import { callOperator } from "../session.ts";
import { texts } from "../texts.ts";

/** All users who have held a ticket, from its buyer to the one who holds it now. */
export const TicketHolders = (props: { readonly ticketId: string; readonly timeZone: string }) => {
  const { ticketId, timeZone } = props;
  const t = texts();
  const moment = momentIn(timeZone);
  const { value, hasFailed } = usePolled(
    async () => {
      const result = await callOperator(
        readTicketHistory,
        { ticketId },
        { retry: { triesMax: 1 } },
      );
      return result.ok ? result.value : null;
    },
    5_000,
    [ticketId],
  );
  if (value === null) return hasFailed ? <Away /> : null;
  return (
    <>
      <p class="small soft">{t.holders}</p>
      <ol class="small num" aria-label={t.holders}>
        {value.holders.map(({ userId, name, since }) => (
          <li key={since}>
            {name ?? "–"} · <code>{userId}</code> · {moment(since)}
          </li>
        ))}
      </ol>
    </>
  );
};
