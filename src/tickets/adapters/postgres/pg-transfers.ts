import type { TicketId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { hashOf } from "#platform/link-codes.ts";
import { CommitUnknown, type Database, type Queryable } from "#platform/postgres/database.ts";
import {
  decideCancel,
  decideClaim,
  decideOffer,
  type CancelDecision,
  type OfferDecision,
  type Transfer,
  type TransferableTicket,
  type TransferId,
} from "../../domain/transfer.ts";
import { lockConcertOf } from "./lock-concerts.ts";
import { transferColumns } from "./transfer-columns.ts";
import type { ClaimOutcome, NewTransfer, TicketHolder, Transfers } from "../../ports/transfers.ts";

/** Locks a ticket, as each change of a ticket does first, after the lock that its concert shares. */
const lockTicket = async (tx: Queryable, ticketId: TicketId): Promise<void> => {
  await lockConcertOf(tx, ticketId);
  await tx.query({
    name: "transfer-lock",
    text: "select from ticket where ticket_id = $1 for no key update",
    values: [ticketId],
  });
};

/** A statement of its own after the lock: one that waits for a lock does not see what was inserted meanwhile. */
const readTicket = async (
  tx: Queryable,
  ticketId: TicketId,
): Promise<{ readonly ticket: TransferableTicket | null; readonly nowMs: InstantMs }> => {
  const [row] = await tx.query<TransferableTicket & { nowMs: InstantMs }>({
    name: "transfer-ticket",
    text: `select t.user_id as "holderId", t.status, t.version, s.starts_at as "startsAtMs",
        ${transferColumns}, clock_timestamp() as "nowMs"
      from ticket t
      join concert c using (concert_id)
      join show s using (concert_id, date)
      where t.ticket_id = $1`,
    values: [ticketId],
  });
  return { ticket: row ?? null, nowMs: row?.nowMs ?? 0 };
};

type TransferKey =
  | { readonly column: "claim_hash"; readonly value: Buffer }
  | { readonly column: "transfer_id"; readonly value: TransferId };

const readTransfer = async (
  tx: Queryable,
  { column, value }: TransferKey,
): Promise<(Transfer & { readonly ticketId: TicketId }) | null> => {
  const [transfer] = await tx.query<Transfer & { ticketId: TicketId }>({
    name: `transfer-by-${column}`,
    text: `select transfer_id as "transferId", ticket_id as "ticketId", from_user_id as "fromUserId",
        ticket_version as "ticketVersion", expires_at as "expiresAtMs",
        cancelled_at is not null as "isCancelled", to_user_id as "toUserId"
      from ticket_transfer where ${column} = $1`,
    values: [value],
  });
  return transfer ?? null;
};

const offerIn = async (tx: Queryable, offered: NewTransfer): Promise<OfferDecision> => {
  const { transferId, ticketId, userId, claim } = offered;
  await lockTicket(tx, ticketId);
  const { ticket, nowMs } = await readTicket(tx, ticketId);
  const decision = decideOffer(ticket, userId, nowMs);
  if (decision.kind !== "offered") return decision;
  await tx.query({
    name: "transfer-withdraw",
    text: "delete from ticket_transfer where ticket_id = $1 and to_user_id is null",
    values: [ticketId],
  });
  await tx.query({
    name: "transfer-offer",
    text: `insert into ticket_transfer
        (transfer_id, ticket_id, ticket_version, from_user_id, claim_hash, expires_at)
      values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000))`,
    values: [transferId, ticketId, ticket?.version, userId, hashOf(claim), decision.expiresAtMs],
  });
  return decision;
};

/** Changes the holder and the version of the ticket, so that codes of the former holder open no door. */
const pass = (tx: Queryable, transferId: TransferId, userId: UserId): Promise<unknown> =>
  tx.query({
    name: "transfer-pass",
    text: `with claimed as (
        update ticket_transfer set to_user_id = $2, claimed_at = clock_timestamp()
        where transfer_id = $1 returning ticket_id, from_user_id
      ), passed as (
        update ticket set user_id = $2, version = version + 1 from claimed
        where ticket.ticket_id = claimed.ticket_id
        returning ticket.ticket_id, concert_id, date, seat_number, from_user_id
      )
      insert into audit (actor, action, concert_id, before, after)
      select 'user:' || $2::uuid, 'ticket.transferred', concert_id,
        jsonb_build_object('userId', from_user_id),
        jsonb_build_object(
          'userId', $2::uuid, 'ticketId', ticket_id, 'date', date, 'seats', jsonb_build_array(seat_number)
        )
      from passed`,
    values: [transferId, userId],
  });

const claimIn = async (tx: Queryable, claim: string, userId: UserId): Promise<ClaimOutcome> => {
  const key = { column: "claim_hash", value: hashOf(claim) } as const;
  const named = await readTransfer(tx, key);
  if (named === null) return { kind: "transfer-not-found" };
  const { ticketId, transferId } = named;
  await lockTicket(tx, ticketId);
  const { ticket, nowMs } = await readTicket(tx, ticketId);
  if (ticket === null) return { kind: "transfer-not-found" };
  const decision = decideClaim(ticket, await readTransfer(tx, key), userId, nowMs);
  if (decision.kind === "claimed") await pass(tx, transferId, userId);
  else if (decision.kind !== "claimed-before") return decision;
  return { kind: "claimed", ticketId };
};

const cancelIn = async (
  tx: Queryable,
  transferId: TransferId,
  userId: UserId,
): Promise<CancelDecision> => {
  const key = { column: "transfer_id", value: transferId } as const;
  const named = await readTransfer(tx, key);
  if (named !== null) await lockTicket(tx, named.ticketId);
  const decision = decideCancel(await readTransfer(tx, key), userId);
  if (decision === "cancelled") {
    await tx.query({
      name: "transfer-cancel",
      text: `update ticket_transfer set cancelled_at = coalesce(cancelled_at, clock_timestamp())
        where transfer_id = $1`,
      values: [transferId],
    });
  }
  return decision;
};

/** The transfers in PostgreSQL. */
export const pgTransfers = (database: Database): Transfers => {
  /** Each step gives the outcome of the first run again, so an unknown COMMIT is run once more. */
  const transact = async <T>(work: (tx: Queryable) => Promise<T>): Promise<T> => {
    try {
      return await database.transaction(work);
    } catch (error) {
      if (error instanceof CommitUnknown) return database.transaction(work);
      throw error;
    }
  };
  return {
    offer: (offered) => transact((tx) => offerIn(tx, offered)),
    claim: (claim, userId) => transact((tx) => claimIn(tx, claim, userId)),
    cancel: (transferId, userId) => transact((tx) => cancelIn(tx, transferId, userId)),
    holders: (ticketId) =>
      database.query<TicketHolder>({
        name: "transfer-holders",
        text: `select h.user_id as "userId", u.name, h.since as "sinceMs", h.transfer_id as "transferId"
          from (
            select p.user_id, p.paid_at as since, null::uuid as transfer_id, 0 as n
            from ticket t join payment p using (payment_id) where t.ticket_id = $1
            union all
            select to_user_id, claimed_at, transfer_id, ticket_version
            from ticket_transfer where ticket_id = $1 and to_user_id is not null
          ) h
          left join app_user u using (user_id)
          order by h.n`,
        values: [ticketId],
      }),
  };
};
