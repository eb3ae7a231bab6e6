import type { Queryable } from "#platform/postgres/database.ts";
import type { BatchState } from "../../domain/batch-state.ts";
import { column, present } from "./columns.ts";
import { insertEntries, insertPayments, insertTickets, updateWallets } from "./write-money.ts";
import {
  endReservationSeats,
  endReservations,
  insertReservationSeats,
  insertReservations,
  updateSeats,
} from "./write-seats.ts";

const updateBuyers = (tx: Queryable, state: BatchState) => {
  const buyers = [...state.changes.buyers].map((key) => present(state.buyers.get(key)));
  return tx.query({
    name: "sale-update-buyers",
    text: `
      update buyer b
      set
        ended_epoch = changed.epoch,
        ended_seq = changed.seq,
        ended_reason = changed.reason,
        ended_at = clock_timestamp()
      from unnest($1::uuid[], $2::uuid[], $3::int4[], $4::int8[], $5::text[])
        as changed (user_id, concert_id, epoch, seq, reason)
      where b.user_id = changed.user_id and b.concert_id = changed.concert_id`,
    values: [
      column(buyers, (buyer) => buyer.userId),
      column(buyers, (buyer) => buyer.concertId),
      column(buyers, (buyer) => buyer.ended.epoch),
      column(buyers, (buyer) => buyer.ended.seq),
      column(buyers, (buyer) => buyer.raisedBy),
    ],
  });
};

const insertOutboxEvents = (tx: Queryable, { changes: { outbox } }: BatchState) =>
  tx.query({
    name: "sale-insert-outbox",
    text: `
      insert into outbox (topic, concert_id, user_id, content)
      select topic, concert_id, user_id, content::jsonb
      from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[]) with ordinality
        as made (topic, concert_id, user_id, content, n)
      order by n`,
    values: [
      column(outbox, (one) => one.topic),
      column(outbox, (one) => one.concertId),
      column(outbox, (one) => one.userId),
      outbox.map((one) => JSON.stringify(one.content)),
    ],
  });

const insertAudits = (tx: Queryable, { changes: { audits } }: BatchState) =>
  tx.query({
    name: "sale-insert-audits",
    text: `
      insert into audit (actor, action, concert_id, before, after)
      select actor, action, concert_id, before::jsonb, after::jsonb
      from unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::text[]) with ordinality
        as made (actor, action, concert_id, before, after, n)
      order by n`,
    values: [
      audits.map((one) => one.actor),
      audits.map((one) => one.action),
      column(audits, (one) => one.concertId),
      audits.map((one) => JSON.stringify(one.before)),
      audits.map((one) => JSON.stringify(one.after)),
    ],
  });

const insertAnswers = (tx: Queryable, state: BatchState) => {
  const made = [...state.changes.answers].map((name) => {
    // A name is a user id of 36 characters, a slash, and the key, which may contain any character.
    return { ...present(state.answers.get(name)), userId: name.slice(0, 36), key: name.slice(37) };
  });
  return tx.query({
    name: "sale-insert-answers",
    text: `
      insert into idempotency (user_id, key, fingerprint, answer)
      select user_id, key, fingerprint, answer::jsonb
      from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
        as made (user_id, key, fingerprint, answer)`,
    values: [
      column(made, (one) => one.userId),
      made.map((one) => one.key),
      made.map((one) => one.fingerprint),
      made.map((one) => JSON.stringify(one.answer)),
    ],
  });
};

const saveSeats = async (tx: Queryable, state: BatchState): Promise<void> => {
  const { changes } = state;
  const ended = [...changes.reservations].map((id) => present(state.reservations.get(id)));
  const made = [...changes.newReservations].map((id) => present(state.reservations.get(id)));
  const lost = changes.lostSeats.filter((one) => !changes.newReservations.has(one.reservationId));
  // Updates that free a seat run before inserts that take it: a unique index is checked at each statement.
  await Promise.all([
    ended.length > 0 && endReservations(tx, ended),
    lost.length > 0 && endReservationSeats(tx, lost),
    changes.seats.size > 0 && updateSeats(tx, state),
    made.length > 0 && insertReservations(tx, made),
    made.length > 0 && insertReservationSeats(tx, state, made),
  ]);
};

const saveMoney = async (tx: Queryable, state: BatchState): Promise<void> => {
  const { wallets, transfers, payments } = state.changes;
  await Promise.all([
    wallets.size > 0 && updateWallets(tx, state),
    transfers.length > 0 && insertEntries(tx, state),
    payments.length > 0 && insertPayments(tx, state),
    payments.length > 0 && insertTickets(tx, state),
  ]);
};

/**
 * Writes everything that a batch has changed. It updates only rows that the load has locked, and the locks
 * guard the uniqueness of the rows that it inserts, so it does not wait for another transaction.
 *
 * Cost: one round trip of at most thirteen statements, however many commands.
 */
export const saveBatch = async (tx: Queryable, state: BatchState): Promise<void> => {
  const { buyers, outbox, answers, audits } = state.changes;
  await Promise.all([
    saveSeats(tx, state),
    saveMoney(tx, state),
    buyers.size > 0 && updateBuyers(tx, state),
    outbox.length > 0 && insertOutboxEvents(tx, state),
    answers.size > 0 && insertAnswers(tx, state),
    audits.length > 0 && insertAudits(tx, state),
  ]);
};
