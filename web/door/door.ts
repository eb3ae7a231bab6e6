import { linkAbort } from "../../sdk/abort.ts";
import { checkIn } from "../../sdk/generated/operator.ts";
import type { CheckInAnswer } from "../../sdk/generated/schemas.ts";
import { hasTicketCodeForm, readTicketCode, type VerifySignature } from "../../sdk/ticket-code.ts";
import { signal, type Signal } from "../shared/signals.ts";
import { knownTickets, placeOf, type KnownTickets } from "./known-tickets.ts";
import { readList, refreshAfterMs, type Call } from "./list.ts";
import type { Answer, DoorList, DoorShow, Scan } from "./records.ts";
import { judgeByList, type Evidence } from "./rules.ts";
import { scanLog, type ScanLog } from "./scan-log.ts";
import { sendScans, toItem } from "./send.ts";
import type { DoorStore } from "./store.ts";

/** A code, or a ticket that was found in the list. */
export type Given = { readonly code: string } | { readonly ticketId: string };
type Stated = Evidence["stated"];

export interface DoorDeps {
  readonly show: DoorShow;
  readonly store: Pick<DoorStore, "writeList" | "writeScans">;
  readonly call: Call;
  readonly verify: VerifySignature;
  readonly newId: () => string;
  readonly nowMs: () => number;
  /** Whether the browser has a network at all. */
  readonly hasNetwork: () => boolean;
}

export interface Door {
  readonly show: DoorShow;
  /** Whether the server answered the last call. */
  readonly isOnline: Signal<boolean>;
  readonly known: Signal<KnownTickets>;
  readonly log: ScanLog;
  /** Judges and records one scan: by the server, or without its answer by the list. */
  scan(given: Given): Promise<Answer>;
  /** Sends what is unsent, and reads the list again when it is old. Runs once at a time. */
  synchronise(): Promise<void>;
}

/** A person stands at the door: later than this the list decides. */
const answerWithinMs = 2_500;
const noRetry = { triesMax: 1 };

/** The answer of the list. */
const judge = (tickets: KnownTickets, show: DoorShow, stated: Stated, at: string): Answer => {
  const listed = stated && tickets.find(stated.ticketId);
  const { result, admission } = judgeByList({
    stated,
    date: show.date,
    listed,
    listedAtMs: Date.parse(tickets.list.listedAt),
    admitted: stated && tickets.admissionOf(stated.ticketId),
  });
  const { usedAt, gate } =
    result === "ADMITTED"
      ? { usedAt: at, gate: show.gate }
      : (admission ?? { usedAt: null, gate: null });
  return {
    result,
    ticketId: stated?.ticketId ?? null,
    place: listed && placeOf(listed),
    holderName: listed?.holderName ?? null,
    date: stated?.date ?? null,
    usedAt,
    gate,
    by: "list",
  };
};

/** The answer of the server to a scan; null for an answer without a result. */
const answerOfServer = (given: CheckInAnswer, shown: Answer): Answer | null => {
  const { result, ticket = null, usedAt = null, gate = null } = given;
  if (result === undefined) return null;
  const facts =
    ticket === null
      ? { ticketId: shown.ticketId, place: null, holderName: null, date: null }
      : {
          ticketId: ticket.ticketId,
          place: placeOf(ticket),
          holderName: ticket.holder.name,
          date: ticket.date,
        };
  return { result, ...facts, usedAt, gate, by: "server" };
};

/** The answer to a scan at the door of a cancelled concert: the list may not know of it yet. */
const cancelledAnswer = (shown: Answer): Answer => ({
  ...shown,
  result: "CANCELLED",
  ...{ usedAt: null, gate: null, by: "server" },
});

/** Asks the server about one scan; null when it does not answer in time. */
const askServer = async (call: Call, scan: Scan): Promise<Scan | null> => {
  const { signal: late, abort } = linkAbort([], answerWithinMs);
  const result = await call(checkIn, { body: toItem(scan) }, { signal: late });
  abort();
  const shown = result.ok
    ? answerOfServer(result.value, scan.shown)
    : result.code === "CONCERT_CANCELLED"
      ? cancelledAnswer(scan.shown)
      : null;
  return shown && { ...scan, shown, isUnsent: false };
};

/** Opens the door of a show with what the browser has stored of it. */
export const openDoor = (deps: DoorDeps, list: DoorList, stored: readonly Scan[]): Door => {
  const { show, store, hasNetwork, nowMs } = deps;
  const isOnline = signal(true);
  const known = signal(knownTickets(list, show, stored));
  const log = scanLog(store, stored, (scan) => known.peek().note(scan));
  let listReadAtMs = Number.NEGATIVE_INFINITY;
  let synchronising: Promise<void> | null = null;

  const call: Call = async (operation, input, options) => {
    const result = await deps.call(operation, input, { ...options, retry: noRetry });
    isOnline.value = result.ok || result.code !== "NO_ANSWER";
    return result;
  };

  const read = async (given: Given): Promise<Stated> =>
    "code" in given
      ? readTicketCode(given.code, known.peek().list.keys, deps.verify)
      : { ticketId: given.ticketId, date: show.date, version: null };

  const scan = async (given: Given): Promise<Answer> => {
    const stated = await read(given);
    const at = new Date(nowMs()).toISOString();
    const byList = (): Answer => judge(known.peek(), show, stated, at);
    const { concertId, date, gate } = show;
    const draft: Scan = {
      n: log.next(),
      checkInId: deps.newId(),
      ...{ concertId, date, gate, at },
      ...given,
      shown: byList(),
      isUnsent: true,
      conflict: null,
    };
    const isOurs = !("code" in given) || hasTicketCodeForm(given.code);
    const mayAsk = isOurs && isOnline.peek() && hasNetwork();
    // The server may get a scan and not answer: such a scan is sent again, whatever the list says.
    if (mayAsk) await store.writeScans([draft]);
    const answered = mayAsk ? await askServer(call, draft) : null;
    // Judged again after the wait. Nothing waits until it is noted, so that of two scans of a ticket one is admitted.
    const shown = answered?.shown ?? byList();
    const isUnsent = answered === null && (mayAsk || shown.result === "ADMITTED");
    await log.keep([{ ...draft, shown, isUnsent }]);
    return shown;
  };

  const refresh = async (): Promise<void> => {
    const startedAtMs = nowMs();
    const fresh = await readList(call, show);
    if (fresh === null) return;
    listReadAtMs = startedAtMs;
    await store.writeList(fresh);
    known.value = knownTickets(fresh, show, log.all());
  };

  const synchronise = async (): Promise<void> => {
    if (!hasNetwork()) {
      isOnline.value = false;
      return;
    }
    const isOld = nowMs() - listReadAtMs >= refreshAfterMs(known.peek().list.tickets.length);
    if ((await sendScans(call, log)) && (isOld || !isOnline.peek())) await refresh();
  };

  return {
    show,
    isOnline,
    known,
    log,
    scan,
    synchronise: () =>
      (synchronising ??= synchronise().finally(() => {
        synchronising = null;
      })),
  };
};
