import { useState } from "preact/hooks";
import { download } from "../../../sdk/download.ts";
import {
  exportLedger,
  exportPayments,
  exportQueue,
  exportTickets,
} from "../../../sdk/generated/operator.ts";
import { api } from "../../shared/api.ts";
import { Panel } from "../components.tsx";
import { forgetKey, key, refusalText } from "../session.ts";
import { useSubmitting } from "../submitting.ts";
import { findTexts } from "./find-texts.ts";

const books = {
  tickets: exportTickets,
  payments: exportPayments,
  ledger: exportLedger,
  queue: exportQueue,
} as const;
type Book = keyof typeof books;

/** Gives a file to the browser, which saves it under the name. */
const save = (file: Blob, name: string): void => {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads the address after this turn.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};

/** The books of a concert as files. A file that does not arrive whole is not saved. */
export const Downloads = ({ concertId }: { concertId: string }) => {
  const t = findTexts();
  const [said, setSaid] = useState<{ readonly text: string; readonly isBad: boolean } | null>(null);
  const { isBusy, run } = useSubmitting();
  const get = async (book: Book): Promise<void> => {
    setSaid({ text: t.downloading(t.books[book]), isBad: false });
    const token = key.peek() ?? "";
    const result = await download(api, books[book], { concertId }, { token });
    if (!result.ok && result.code === "OPERATOR_KEY_INVALID") forgetKey();
    if (!result.ok) return setSaid({ text: refusalText(result), isBad: true });
    const { bytes, name } = result.value;
    try {
      const headers = { "content-type": "text/csv" };
      save(await new Response(bytes, { headers }).blob(), name);
      setSaid({ text: t.downloaded(t.books[book]), isBad: false });
    } catch {
      setSaid({ text: t.brokenOff, isBad: true });
    }
  };
  return (
    <Panel title={t.downloads}>
      <p class="small soft">{t.downloadsHint}</p>
      <div class="row">
        {(Object.keys(books) as Book[]).map((book) => (
          <button
            key={book}
            class="button quiet"
            type="button"
            aria-disabled={isBusy}
            onClick={() => void run(() => get(book))}
          >
            {t.books[book]}
          </button>
        ))}
      </div>
      <p role="status" class={`small ${said?.isBad === true ? "note bad" : ""}`}>
        {said?.text ?? ""}
      </p>
    </Panel>
  );
};
