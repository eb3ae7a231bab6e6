import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { QueueStatus } from "../../sdk/generated/schemas.ts";
import { formatClock, formatDate } from "../shared/language.ts";
import type { FieldFault } from "./session.ts";
import { words } from "./words.ts";

export const StateChip = ({ state }: { state: QueueStatus["queueState"] }) => (
  <span class={`chip ${state === "OPEN" ? "live" : ""}`}>{words().state[state]}</span>
);

/** From the first date to the last. */
export const shownDates = (dates: readonly { readonly date: string }[]): string => {
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return "";
  const from = formatDate(first.date);
  return dates.length === 1 ? from : `${from} – ${formatDate(last.date)}`;
};

/** Seconds as a person says them; a word for what is not known. */
export const duration = (seconds: number | null): string =>
  seconds === null ? "–" : formatClock(Math.round(seconds));

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: "text" | "password" | "number" | "date" | "datetime-local";
  readonly faults?: readonly FieldFault[];
  readonly at?: string;
  readonly required?: boolean;
}

/** An input with its label, and below it what the server says is wrong with it. */
export const Field = ({ label, value, onInput, type, faults, at, required }: FieldProps) => {
  const found = faults?.filter(({ pointer }) => at !== undefined && pointer === at) ?? [];
  const faultId = `fault${at ?? label}`.replaceAll(/[^\w-]/g, "_");
  return (
    <label class="field">
      <span class="small">{label}</span>
      <input
        type={(type ?? "text") as "text"}
        value={value}
        required={required}
        autocomplete="off"
        aria-invalid={found.length > 0}
        aria-describedby={found.length > 0 ? faultId : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {found.length > 0 && (
        <span id={faultId} class="fault small">
          {found.map(({ message }) => message).join("; ")}
        </span>
      )}
    </label>
  );
};

/** A dialog that holds what must be answered first. */
export const Dialog = (props: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}) => {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="card" aria-labelledby="dialog-title" onClose={props.onClose}>
      <div class="stack">
        <h2 id="dialog-title">{props.title}</h2>
        {props.children}
      </div>
    </dialog>
  );
};

/** A part of the page with its heading. */
export const Panel = ({ title, children }: { title: string; children: ComponentChildren }) => (
  <section class="card panel stack" aria-label={title}>
    <h2>{title}</h2>
    {children}
  </section>
);
