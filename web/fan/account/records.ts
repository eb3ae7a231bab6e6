import {
  getConcert,
  listBalanceEntries,
  listPayments,
  listReservations,
  type Concert,
  type LedgerEntry,
  type Reservation,
  type Ticket,
} from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { signal } from "../../shared/signals.ts";
import type { Account } from "../account.ts";
import { partOf } from "../part-of.ts";
import { walletOf } from "../wallet/wallet.ts";

const createRecords = (account: Account) => {
  const { signal: ended, session } = account;
  const { userId } = session;
  const records = {
    entries: signal<readonly LedgerEntry[] | null>(null),
    /** Cursor of the next page of entries; null at the end. */
    entriesNext: signal<string | null>(null),
    reservations: signal<readonly Reservation[] | null>(null),
    tickets: signal<readonly Ticket[] | null>(null),
    concerts: signal<Readonly<Record<string, Concert>>>({}),
    hasFailed: signal(false),
    /** The server refused a request for now, and the page asks again. */
    isBusy: signal(false),

    async loadEntries(cursor?: string): Promise<void> {
      const { entries, entriesNext, hasFailed } = records;
      const page = cursor === undefined ? {} : { cursor };
      const result = await account.call(listBalanceEntries, { userId, limit: "10", ...page });
      if (!result.ok) {
        hasFailed.value = true;
        return;
      }
      const before = cursor === undefined ? [] : (entries.peek() ?? []);
      entries.value = [...before, ...result.value.items];
      entriesNext.value = result.value.nextCursor;
    },

    /** Reads reservations, tickets, entries and the balance again. */
    async load(): Promise<void> {
      const { hasFailed, isBusy, reservations, tickets } = records;
      hasFailed.value = false;
      const options = { onWait: () => (isBusy.value = true) };
      const [held, paid] = await Promise.all([
        account.call(listReservations, { userId, limit: "50" }, options),
        account.call(listPayments, { userId, limit: "50" }, options),
        records.loadEntries(),
        walletOf(account).load(),
      ]);
      isBusy.value = false;
      if (!held.ok || !paid.ok) {
        hasFailed.value = true;
        return;
      }
      reservations.value = held.value.items;
      tickets.value = paid.value.items.flatMap((payment) => payment.tickets);
      await loadConcerts(held.value.items.map(({ concertId }) => concertId));
    },
  };

  const loadConcerts = async (ids: readonly string[]): Promise<void> => {
    const { concerts } = records;
    const unknown = [...new Set(ids)].filter((concertId) => !(concertId in concerts.peek()));
    await Promise.all(
      unknown.map(async (concertId) => {
        const result = await api.call(getConcert, { concertId }, { signal: ended });
        if (result.ok) concerts.value = { ...concerts.peek(), [concertId]: result.value };
      }),
    );
  };
  return records;
};

export type Records = ReturnType<typeof createRecords>;

/** The tickets, reservations and ledger entries of an account. */
export const recordsOf = (account: Account): Records => partOf(account, createRecords);
