import { useState } from "preact/hooks";
import type { ConcertOnSale } from "../../../sdk/generated/schemas.ts";
import { Field } from "../components.tsx";
import { Radios } from "../radios.tsx";
import { texts } from "../texts.ts";
import { findTexts } from "./find-texts.ts";

export type SaleState = ConcertOnSale["queue"]["state"];

/** Which sales the list shows. */
export interface SaleFilter {
  /** A part of the title or venue, or an id; empty: any. */
  readonly q: string;
  /** Null: any. */
  readonly state: SaleState | null;
  readonly isArchive: boolean;
}

export const allSales: SaleFilter = { q: "", state: null, isArchive: false };

const archivedStates: readonly SaleState[] = ["ENDED", "CLOSED"];

/** The states that sales of the archive have, or those of the others. */
const statesOf = (isArchive: boolean): readonly SaleState[] =>
  (Object.keys(texts().state) as SaleState[]).filter(
    (state) => archivedStates.includes(state) === isArchive,
  );

interface FilterProps {
  readonly filter: SaleFilter;
  readonly onFilter: (filter: SaleFilter) => void;
}

/** Searches the sales by text and state, and shows the archive instead. */
export const SaleFilterForm = ({ filter, onFilter }: FilterProps) => {
  const t = findTexts();
  const [typed, setTyped] = useState(filter.q);
  const submit = (event: Event): void => {
    event.preventDefault();
    onFilter({ ...filter, q: typed.trim() });
  };
  return (
    <form class="stack" role="search" noValidate onSubmit={submit}>
      <div class="row end">
        <Field label={t.searchSales} value={typed} onInput={setTyped} />
        <label class="field">
          <span class="small">{t.stateLabel}</span>
          <select
            value={filter.state ?? ""}
            onChange={({ currentTarget }) =>
              onFilter({ ...filter, state: (currentTarget.value || null) as SaleState | null })
            }
          >
            <option value="">{t.anyState}</option>
            {statesOf(filter.isArchive).map((state) => (
              <option key={state} value={state}>
                {texts().state[state]}
              </option>
            ))}
          </select>
        </label>
        <button class="button quiet">{t.search}</button>
      </div>
      <Radios
        name="which-sales"
        legend={t.which}
        value={filter.isArchive}
        options={[
          [false, t.current],
          [true, t.archive],
        ]}
        onChoose={(isArchive) => onFilter({ ...filter, isArchive, state: null })}
      />
    </form>
  );
};
