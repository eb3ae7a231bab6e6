import { useState } from "preact/hooks";
import type { HeldTicket } from "../../../sdk/generated/index.ts";
import { purchaseTexts } from "./texts.ts";

interface SavePdfProps {
  readonly tickets: readonly HeldTicket[];
  readonly text: string;
  /** The name of the button where its text alone names no ticket. */
  readonly label?: string;
  readonly class: string;
}

/** Saves valid tickets as a PDF; nothing when there is none. The browser makes it, with a library that comes on demand. */
export const SavePdf = ({ tickets, text, label, class: style }: SavePdfProps) => {
  const t = purchaseTexts();
  const [state, setState] = useState<"idle" | "busy" | "failed">("idle");
  const valid = tickets.filter(({ code }) => code !== null);
  if (valid.length === 0) return null;
  const save = async (): Promise<void> => {
    if (state === "busy") return;
    setState("busy");
    try {
      const { saveTickets } = await import("../pdf/save.ts");
      await saveTickets(valid);
      setState("idle");
    } catch (error) {
      console.error(error);
      setState("failed");
    }
  };
  return (
    <>
      <button
        class={`${style} unprinted`}
        type="button"
        aria-label={label}
        aria-disabled={state === "busy"}
        onClick={() => void save()}
      >
        {text}
      </button>
      {state === "failed" && (
        <p class="note bad unprinted" role="alert">
          {t.pdfFailed}
        </p>
      )}
    </>
  );
};
