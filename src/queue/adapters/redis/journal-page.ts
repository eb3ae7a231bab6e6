import { toId } from "#kernel/ids.ts";
import { isEndedReason, placeOf } from "../../admission/domain/place.ts";
import type { JournalEntry } from "../../admission/ports/journal.ts";
import type { JournalPage } from "../../admission/ports/queue-store.ts";
import type { QueueCall } from "./call-queue.ts";

/** As appendJournal in parts/append-journal.lua writes it. */
const entryPattern = /^(\d+) (\d+) (\S+) (\S+) (\d+) (\d+) (\d+)$/;

interface EpochEntry {
  readonly queueEpoch: number;
  readonly entry: JournalEntry;
}

const kindOf = (word: string): JournalEntry["kind"] => {
  if (word === "ADMITTED" || word === "STEPPED_OVER" || word === "RETURNED") return word;
  if (isEndedReason(word)) return word;
  throw new Error(`unknown journal entry ${word}`);
};

const readEntry = (text: string): EpochEntry => {
  const fields = entryPattern.exec(text);
  if (fields === null) throw new Error("a journal entry is malformed");
  const [, n, queueEpoch, kind = "", userId = "", place, atMs, untilMs] = fields;
  const activeUntilMs = Number(untilMs);
  return {
    queueEpoch: Number(queueEpoch),
    entry: {
      ...placeOf(Number(place)),
      n: Number(n),
      kind: kindOf(kind),
      userId: toId<"user">(userId),
      atMs: Number(atMs),
      activeUntilMs: activeUntilMs === 0 ? null : activeUntilMs,
    },
  };
};

/** The reply of read-journal.lua, grouped by the epoch of each entry; null when it is empty. */
export const readPage = ({ epoch, reply }: QueueCall): JournalPage | null => {
  const all = reply.slice(1).map((text) => readEntry(String(text)));
  const last = all.at(-1);
  if (last === undefined) return null;
  const byEpoch = Map.groupBy(all, ({ queueEpoch }) => queueEpoch);
  return {
    epoch,
    throughN: last.entry.n,
    batches: [...byEpoch].map(([queueEpoch, entries]) => ({
      queueEpoch,
      entries: entries.map(({ entry }) => entry),
    })),
  };
};
