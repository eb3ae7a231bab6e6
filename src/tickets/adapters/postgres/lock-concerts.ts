import type { ConcertId, TicketId } from "#kernel/ids.ts";
import type { Queryable } from "#platform/postgres/database.ts";

// A transaction that admits or passes on tickets keeps their concerts from being cancelled, before it locks a ticket.

/** Keeps the concerts from being cancelled until the commit. Returns those that are. */
export const lockConcerts = async (
  tx: Queryable,
  concertIds: readonly ConcertId[],
): Promise<ReadonlySet<ConcertId>> => {
  const rows = await tx.query<{ concert_id: ConcertId }>({
    name: "tickets-lock-concerts",
    text: "select lock_against_cancelling($1::uuid[]) as concert_id",
    values: [concertIds],
  });
  return new Set(rows.map(({ concert_id }) => concert_id));
};

/** The same for the concert of a ticket; later statements of the transaction read whether it is cancelled. */
export const lockConcertOf = (tx: Queryable, ticketId: TicketId): Promise<unknown> =>
  tx.query({
    name: "tickets-lock-concert-of",
    text: "select lock_against_cancelling(array[concert_id]) from ticket where ticket_id = $1",
    values: [ticketId],
  });
