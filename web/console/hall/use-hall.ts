import { useEffect, useState } from "preact/hooks";
import { getSeatingPlan } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { layoutOf, type HallLayout } from "../../shared/hall/layout.ts";

/** The hall of a sale; null while it is not known. */
export const useHall = (concertId: string): HallLayout | null => {
  const [hall, setHall] = useState<HallLayout | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    setHall(null);
    void api
      .call(getSeatingPlan, { concertId }, { signal, retry: { triesMax: Infinity } })
      .then((result) => {
        if (!signal.aborted && result.ok) setHall(layoutOf(result.value));
      });
    return () => stop.abort();
  }, [concertId]);
  return hall;
};

/** Whether a hall has sections, as all but the one of 50 seats have. */
export const hasSections = ({ plan }: HallLayout): boolean =>
  plan.sections.some(({ name }) => name !== null);
