import type { ChargeId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { BatchState } from "../../domain/batch-state.ts";
import type { Command } from "../../domain/commands.ts";
import { ownId } from "../../domain/decide.ts";
import { plainArray } from "./arrays.ts";
import {
  paymentColumns,
  reservationColumns,
  toPayment,
  toReservation,
  type PaymentRow,
  type ReservationRow,
} from "./rows.ts";

/** Finds the outcomes of an earlier try whose COMMIT answer was lost, by the ids minted for its commands. */
export const readApplied = async (
  tx: Queryable,
  commands: readonly Command[],
  state: BatchState,
): Promise<void> => {
  const values = [plainArray(commands.flatMap((command) => ownId(command) ?? []))];
  const [reservations, payments, charges] = await Promise.all([
    tx.query<ReservationRow>({
      text: `select ${reservationColumns} from reservation r where r.reservation_id = any ($1::uuid[])`,
      values,
    }),
    tx.query<PaymentRow>({
      text: `select ${paymentColumns} from payment p where p.payment_id = any ($1::uuid[])`,
      values,
    }),
    tx.query<{ transfer_id: string; balance: number; created_at: InstantMs }>({
      text: `
        select transfer_id, balance, created_at
        from ledger_entry
        where transfer_id = any ($1::uuid[]) and account = 'WALLET' and type = 'CHARGE'`,
      values,
    }),
  ]);
  for (const row of reservations) {
    const reservation = { ...toReservation(row), status: "HELD" as const };
    state.applied.set(row.reservation_id, { kind: "reserved", reservation });
  }
  const byOwnId = new Map(commands.map((command) => [ownId(command), command]));
  for (const row of payments) {
    const command = byOwnId.get(row.payment_id);
    if (command?.kind !== "pay") continue;
    const ended = command.place;
    state.applied.set(row.payment_id, { kind: "paid", payment: toPayment(row), ended });
  }
  for (const row of charges) {
    const command = byOwnId.get(row.transfer_id);
    if (command?.kind !== "charge") continue;
    const { userId, amount, currency } = command;
    state.applied.set(row.transfer_id, {
      kind: "charged",
      chargeId: row.transfer_id as ChargeId,
      userId,
      amount,
      balance: row.balance,
      currency,
      chargedAtMs: row.created_at,
    });
  }
};
