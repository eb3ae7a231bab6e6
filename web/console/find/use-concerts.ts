import { useEffect, useRef, useState } from "preact/hooks";
import { readConcertOnSale } from "../../../sdk/generated/operator.ts";
import type { ConcertOnSale } from "../../../sdk/generated/schemas.ts";
import { callOperator } from "../session.ts";

/** The concerts with these ids, as they become known. */
export const useConcerts = (concertIds: readonly string[]): ReadonlyMap<string, ConcertOnSale> => {
  const [known, setKnown] = useState<ReadonlyMap<string, ConcertOnSale>>(new Map());
  const asked = useRef(new Set<string>());
  useEffect(() => {
    const read = async (concertId: string): Promise<void> => {
      const result = await callOperator(readConcertOnSale, { concertId });
      if (result.ok) setKnown((before) => new Map(before).set(concertId, result.value));
      else asked.current.delete(concertId);
    };
    for (const concertId of concertIds) {
      if (asked.current.has(concertId)) continue;
      asked.current.add(concertId);
      void read(concertId);
    }
  }, [concertIds.join(" ")]);
  return known;
};
