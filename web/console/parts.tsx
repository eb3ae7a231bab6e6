import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { QueueStatus } from "../../sdk/generated/schemas.ts";
import { formatClock, formatDate, formatMoment } from "../shared/language.ts";
import { faultText } from "./fault-words.ts";
import type { FieldFault } from "./session.ts";
import { words } from "./words.ts";

export const StateChip = ({ state }: { state: QueueStatus["queueState"] }) => (
  <span class={`chip ${state === "OPEN" ? "live" : ""}`}>{words().state[state]}</span>
);

/** To the list of all sales. */
export const Back = () => (
  <a class="back" href="/console" data-in>
    ← {words().back}
  </a>
);

/** From the first date to the last. */
export const shownDates = (dates: readonly { readonly date: string }[]): string => {
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return "";
  const from = formatDate(first.date);
  return dates.length === 1 ? from : `${from} – ${formatDate(last.date)}`;
};

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A moment in the operator's own time zone, to the second. */
export const moment = (at: string): string =>
  formatMoment(at, zone, { dateStyle: "short", timeStyle: "medium" });

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
  /** Said below the input while nothing is wrong with it. */
  readonly hint?: string;
}

/** An input with its label, and below it what the server says is wrong with it. */
export const Field = (props: FieldProps) => {
  const { label, value, onInput, type, faults, at, required, hint } = props;
  const found = faults?.filter(({ pointer }) => at !== undefined && pointer === at) ?? [];
  const noteId = `note${at ?? label}`.replaceAll(/[^\w-]/g, "_");
  const isFaulty = found.length > 0;
  const note = isFaulty ? found.map(({ message }) => faultText(message)).join("; ") : hint;
  return (
    <label class="field">
      <span class="small">{label}</span>
      <input
        type={(type ?? "text") as "text"}
        value={value}
        required={required}
        autocomplete="off"
        aria-invalid={isFaulty}
        aria-describedby={note === undefined ? undefined : noteId}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {note !== undefined && (
        <span id={noteId} class={`small ${isFaulty ? "fault" : "soft"}`}>
          {note}
        </span>
      )}
    </label>
  );
};

/** Where a fault lies, as people say it; empty: the whole. */
const placeOf = (pointer: string): string => {
  const w = words();
  const labels: Readonly<Record<string, string>> = {
    admissionsPerMinute: w.rate,
    maxActive: w.cap,
    rampSeconds: w.ramp,
    timeZone: w.zone,
    date: w.date,
    seats: w.seatNumbers,
  };
  const told = (part: string): string => {
    if (/^\d+$/.test(part)) return String(Number(part) + 1);
    const word = labels[part] ?? (w as Readonly<Record<string, unknown>>)[part];
    return typeof word === "string" ? word : part;
  };
  const named = pointer.replace(/seats\/0$/, "from").replace(/seats\/1$/, "to");
  const parts = named.split("/").filter((part) => part !== "" && part !== "policy");
  return parts.map(told).join(" ");
};

/** Everything that was refused. */
export const Faults = ({ faults }: { faults: readonly FieldFault[] }) =>
  faults.length === 0 ? null : (
    <div class="note bad" role="alert">
      <p>{words().refused}</p>
      <ul>
        {faults.map(({ pointer, message }) => (
          <li key={pointer + message}>
            <b>{placeOf(pointer)}</b> {faultText(message)}
          </li>
        ))}
      </ul>
    </div>
  );

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

interface PanelProps {
  readonly title: string;
  /** Beside the heading. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A part of the page with its heading. */
export const Panel = ({ title, aside, children }: PanelProps) => (
  <section class="card panel stack" aria-label={title}>
    <div class="row apart">
      <h2>{title}</h2>
      {aside}
    </div>
    {children}
  </section>
);
