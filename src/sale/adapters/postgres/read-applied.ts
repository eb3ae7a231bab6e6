import type { Queryable } from "#platform/postgres/database.ts";
import type { BatchState } from "../../domain/batch-state.ts";
import type { Command } from "../../domain/commands.ts";
import type { Payment } from "../../domain/payment.ts";
import type { LedgerEntry } from "../../domain/wallet.ts";
import { ownId } from "../../domain/decide.ts";
import { plainArray } from "./arrays.ts";
import { paymentColumns, reservationColumns, toReservation, type ReadReservation } from "./rows.ts";
import { selectList } from "./table.ts";
import { ledgerEntries } from "./tables.ts";

/** Finds the outcomes of an earlier try whose COMMIT answer was lost, by the ids minted for its commands. */
export const readApplied = async (
  tx: Queryable,
  commands: readonly Command[],
  state: Pick<BatchState, "applied">,
): Promise<void> => {
  const values = [plainArray(commands.flatMap((command) => ownId(command) ?? []))];
  const [reservations, payments, charges] = await Promise.all([
    tx.query<ReadReservation>({
      text: `select ${reservationColumns} from reservation r where r.reservation_id = any ($1::uuid[])`,
      values,
    }),
    tx.query<Payment>({
      text: `select ${paymentColumns} from payment p where p.payment_id = any ($1::uuid[])`,
      values,
    }),
    tx.query<LedgerEntry>({
      text: `
        select ${selectList(ledgerEntries, "e")}
        from ledger_entry e
        where transfer_id = any ($1::uuid[]) and account = 'WALLET' and type = 'CHARGE'`,
      values,
    }),
  ]);
  for (const row of reservations) {
    const reservation = { ...toReservation(row), status: "HELD" as const };
    state.applied.set(reservation.reservationId, { kind: "reserved", reservation });
  }
  const byOwnId = new Map(commands.map((command) => [ownId(command), command]));
  for (const payment of payments) {
    const command = byOwnId.get(payment.paymentId);
    if (command?.kind !== "pay") continue;
    state.applied.set(payment.paymentId, { kind: "paid", payment, ended: command.place });
  }
  for (const { transferId, balance, createdAtMs: chargedAtMs } of charges) {
    const command = byOwnId.get(transferId);
    if (command?.kind !== "charge" || balance === null) continue;
    const { chargeId, userId, amount, currency } = command;
    state.applied.set(transferId, {
      kind: "charged",
      chargeId,
      userId,
      amount,
      balance,
      currency,
      chargedAtMs,
    });
  }
};
