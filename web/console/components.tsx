import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { QueueStatus } from "../../sdk/generated/schemas.ts";
import { formatDate } from "../shared/format.ts";
import { Isolated } from "../shared/isolated.tsx";
import { formatClock } from "../shared/language.ts";
import { errorText } from "./error-texts.ts";
import type { FieldError } from "./session.ts";
import { texts } from "./texts.ts";

export const StateChip = ({ state }: { state: QueueStatus["queueState"] }) => (
  <span class={`chip ${state === "OPEN" ? "live" : ""}`}>{texts().state[state]}</span>
);

/** Says that the server does not answer, and that the page asks again. */
export const Away = () => (
  <p class="note bad" role="alert">
    {texts().away}
  </p>
);

/** Link to the list of sales. */
export const Back = () => (
  <a class="back" href="/console" data-in>
    ← {texts().back}
  </a>
);

/** The range from the first date to the last. */
export const formatDates = (dates: readonly { readonly date: string }[]): string => {
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return "";
  const from = formatDate(first.date);
  return dates.length === 1 ? from : `${from} – ${formatDate(last.date)}`;
};

/** Formats seconds as a clock; a dash when they are unknown. */
export const duration = (seconds: number | null): string =>
  seconds === null ? "–" : formatClock(Math.round(seconds));

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: "text" | "password" | "number" | "date" | "datetime-local";
  readonly errors?: readonly FieldError[];
  readonly at?: string;
  readonly required?: boolean;
  /** Shown below the input while it has no error. */
  readonly hint?: string;
}

/** An input with its label, and below it a hint or the server's error. */
export const Field = (props: FieldProps) => {
  const { label, value, onInput, type, errors, at, required, hint } = props;
  const own = errors?.filter(({ pointer }) => at !== undefined && pointer === at) ?? [];
  const noteId = `note${at ?? label}`.replaceAll(/[^\w-]/g, "_");
  const hasError = own.length > 0;
  const note = hasError ? own.map(({ message }) => errorText(message)).join("; ") : hint;
  return (
    <label class="field">
      <span class="small">{label}</span>
      <input
        type={(type ?? "text") as "text"}
        value={value}
        required={required}
        autocomplete="off"
        aria-invalid={hasError}
        aria-describedby={note === undefined ? undefined : noteId}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {note !== undefined && (
        <span id={noteId} class={`small ${hasError ? "error" : "soft"}`}>
          {note}
        </span>
      )}
    </label>
  );
};

/** Names the field of a pointer; empty for the whole form. */
const fieldName = (pointer: string): string => {
  const t = texts();
  const labels: Readonly<Record<string, string>> = {
    admissionsPerMinute: t.rate,
    maxActive: t.cap,
    rampSeconds: t.ramp,
    timeZone: t.zone,
    date: t.date,
    seats: t.seatNumbers,
  };
  const partName = (part: string): string => {
    if (/^\d+$/.test(part)) return String(Number(part) + 1);
    const word = labels[part] ?? (t as Readonly<Record<string, unknown>>)[part];
    return typeof word === "string" ? word : part;
  };
  const named = pointer
    .replace(/seats\/0$/, "from")
    .replace(/seats\/1$/, "to")
    .replace(/refunds\/until$/, "refundUntil")
    .replace(/transfers\/until$/, "transferUntil")
    .replace(/transfers\/perTicket$/, "perTicket");
  const parts = named.split("/").filter((part) => part !== "" && part !== "policy");
  return parts.map(partName).join(" ");
};

/** All errors of a refusal. */
export const ErrorList = ({ errors }: { errors: readonly FieldError[] }) =>
  errors.length === 0 ? null : (
    <div class="note bad" role="alert">
      <p>{texts().refused}</p>
      <ul>
        {errors.map(({ pointer, message }) => (
          <li key={pointer + message}>
            <b>{fieldName(pointer)}</b> {errorText(message)}
          </li>
        ))}
      </ul>
    </div>
  );

/** A modal dialog. */
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
  /** Shown beside the heading. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A part of a page that fails alone: with data that it cannot show, the other parts stay. */
export const Part = ({ children }: { children: ComponentChildren }) => (
  <Isolated fallback={<p class="card note">{texts().unshown}</p>}>{children}</Isolated>
);

/** A section of the page with its heading. */
export const Panel = ({ title, aside, children }: PanelProps) => (
  <section class="card panel stack" aria-label={title}>
    <div class="row apart">
      <h2>{title}</h2>
      {aside}
    </div>
    {children}
  </section>
);
