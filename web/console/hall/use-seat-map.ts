import { useState } from "preact/hooks";
import { readOperatorSeatMap } from "../../../sdk/generated/operator.ts";
import type { HallLayout } from "../../shared/hall/layout.ts";
import { statusesAfter, type SeatStatuses } from "../../shared/hall/seat-statuses.ts";
import { signal, type Signal } from "../../shared/signals.ts";
import { usePolled, type Polled } from "../polling.ts";
import { callOperator } from "../session.ts";

interface SeatMapState extends Pick<Polled<unknown>, "hasFailed" | "refresh"> {
  readonly statuses: Signal<SeatStatuses | null>;
}

/** The statuses of a date's seats: read once as a whole, then each second what has changed. */
export const useSeatMap = (concertId: string, date: string, layout: HallLayout): SeatMapState => {
  const [statuses] = useState(() => signal<SeatStatuses | null>(null));
  const read = async (): Promise<true | null> => {
    const since = statuses.peek()?.version;
    const input = { concertId, date, ...(since !== undefined && { since }) };
    const result = await callOperator(readOperatorSeatMap, input, { retry: { triesMax: 1 } });
    if (!result.ok) return null;
    statuses.value = statusesAfter(layout, statuses.peek(), result.value);
    return true;
  };
  const { hasFailed, refresh } = usePolled(read, 1_000, [concertId, date, layout]);
  return { statuses, hasFailed, refresh };
};
