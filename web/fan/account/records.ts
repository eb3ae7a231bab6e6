import {
  getConcert,
  listBalanceEntries,
  listReservations,
  type Concert,
  type LedgerEntry,
  type Reservation,
} from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { effect, signal, untracked } from "../../shared/signals.ts";
import type { Account } from "../account.ts";
import { keepFresh } from "../lists/keep-fresh.ts";
import { pagedList } from "../lists/paged-list.ts";
import { partOf } from "../part-of.ts";
import { callAs } from "../session/call.ts";
import { ticketsOf } from "../purchase/tickets.ts";
import { walletOf } from "../wallet/wallet.ts";

const createRecords = (account: Account) => {
  const { signal: ended, userId } = account;
  const records = {
    entries: pagedList(
      (query, options) =>
        callAs(account, listBalanceEntries, { userId, limit: "10", ...query }, options),
      ({ entryId }: LedgerEntry) => entryId,
    ),
    reservations: pagedList(
      (query, options) =>
        callAs(account, listReservations, { userId, limit: "20", ...query }, options),
      ({ reservationId }: Reservation) => reservationId,
    ),
    tickets: ticketsOf(account),
    /** Of the reservations. */
    concerts: signal<Readonly<Record<string, Concert>>>({}),

    /** Reads everything again that the page shows. */
    load: (): void => {
      void records.entries.refresh();
      void records.reservations.refresh();
      void records.tickets.refresh();
      void walletOf(account).load();
    },
  };

  const requested = new Set<string>();
  const loadConcert = async (concertId: string): Promise<void> => {
    if (requested.has(concertId)) return;
    requested.add(concertId);
    const result = await api.call(getConcert, { concertId }, { signal: ended });
    if (result.ok)
      records.concerts.value = { ...records.concerts.peek(), [concertId]: result.value };
    else requested.delete(concertId);
  };

  /** Keeps the records up to date until the returned function is called. */
  const watch = (): (() => void) => {
    const stops = [
      keepFresh(records.load),
      // Each charge adds an entry to the ledger.
      effect(() => {
        const { value: lastCharged } = walletOf(account).lastCharged;
        if (lastCharged !== null) untracked(() => void records.entries.refresh());
      }),
      effect(() => {
        const held = records.reservations.items.value ?? [];
        for (const { concertId } of held) void loadConcert(concertId);
      }),
    ];
    return () => stops.forEach((stop) => stop());
  };
  return { ...records, watch };
};

export type Records = ReturnType<typeof createRecords>;

/** The tickets, reservations and ledger entries of an account. */
export const recordsOf = (account: Account): Records => partOf(account, createRecords);
