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
import { effect, signal, untracked } from "../../shared/signals.ts";
import { loadWallet } from "../wallet/wallet.ts";
import { session } from "../session.ts";

export const entries = signal<readonly LedgerEntry[] | null>(null);
export const reservations = signal<readonly Reservation[] | null>(null);
export const tickets = signal<readonly Ticket[] | null>(null);
export const concerts = signal<Readonly<Record<string, Concert>>>({});
export const hasFailed = signal(false);
/** The server refused a request for now, and the page asks again. */
export const isBusy = signal(false);
/** Cursor of the next page of entries; null at the end. */
export const entriesNext = signal<string | null>(null);

const nameConcerts = async (ids: readonly string[]): Promise<void> => {
  const unknown = [...new Set(ids)].filter((concertId) => !(concertId in concerts.peek()));
  await Promise.all(
    unknown.map(async (concertId) => {
      const result = await api.call(getConcert, { concertId });
      if (result.ok) concerts.value = { ...concerts.peek(), [concertId]: result.value };
    }),
  );
};

export const loadEntries = async (cursor?: string): Promise<void> => {
  const user = session.peek();
  if (user === null) return;
  const { userId, accessToken: token } = user;
  const result = await api.call(
    listBalanceEntries,
    cursor === undefined ? { userId, limit: "10" } : { userId, limit: "10", cursor },
    { token },
  );
  if (!result.ok) {
    hasFailed.value = true;
    return;
  }
  const before = cursor === undefined ? [] : (entries.peek() ?? []);
  entries.value = [...before, ...result.value.items];
  entriesNext.value = result.value.nextCursor;
};

/** Reads reservations, tickets, entries and the balance again. */
export const loadRecords = async (): Promise<void> => {
  const user = session.peek();
  if (user === null) return;
  const { userId, accessToken: token } = user;
  hasFailed.value = false;
  const onWait = (): void => {
    isBusy.value = true;
  };
  const [held, paid] = await Promise.all([
    api.call(listReservations, { userId, limit: "50" }, { token, onWait }),
    api.call(listPayments, { userId, limit: "50" }, { token, onWait }),
    loadEntries(),
    loadWallet(),
  ]);
  isBusy.value = false;
  if (!held.ok || !paid.ok) {
    hasFailed.value = true;
    return;
  }
  reservations.value = held.value.items;
  tickets.value = paid.value.items.flatMap((payment) => payment.tickets);
  await nameConcerts(held.value.items.map(({ concertId }) => concertId));
};

// Signing out clears what is shown; signing in reads it.
effect(() => {
  if (session.value === null) {
    entries.value = null;
    reservations.value = null;
    tickets.value = null;
  } else untracked(() => void loadRecords());
});
