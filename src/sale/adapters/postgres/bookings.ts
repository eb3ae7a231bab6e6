import type { Bookings } from "#kernel/bookings.ts";
import type { MintId } from "#kernel/ids.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import { answerKey, emptyState } from "../../domain/batch-state.ts";
import type { Success } from "../../domain/commands.ts";
import { transferMoney } from "../../domain/decide-money.ts";
import { compareIntent, storeAnswer } from "../../domain/stored-answer.ts";
import type { Answers } from "../../ports/box-office.ts";
import { keyLockOf } from "../key-digest.ts";
import { lockKeys, lockWallets, readAnswers } from "./lock-rows.ts";
import { lockSetOf } from "./lock-set.ts";
import { saveBatch } from "./save-batch.ts";

/** The bookings of other features: the same rules, statements and locks as in a batch. */
export const pgBookings = (options: {
  readonly mintId: MintId;
  readonly answers: Answers;
}): Bookings<Queryable> => ({
  async findAnswer(userId, intent) {
    const stored = await options.answers.find(userId, intent.key);
    return stored === null ? null : compareIntent(stored, intent);
  },

  async claimKey(tx, userId, intent) {
    const { key } = intent;
    const lockSet = lockSetOf([]);
    lockSet.keys.set(answerKey(userId, key), { userId, key, lock: keyLockOf(userId, key) });
    const [[lock], [stored]] = await Promise.all([lockKeys(tx, lockSet), readAnswers(tx, lockSet)]);
    if (stored !== undefined) return compareIntent(stored, intent);
    return lock?.free === true ? null : { kind: "key-in-progress" };
  },

  async lockBalance(tx, userId) {
    const lockSet = lockSetOf([]);
    lockSet.wallets.add(userId);
    const [wallet] = await lockWallets(tx, lockSet, "wait");
    return wallet?.balance ?? 0;
  },

  async book(tx, { userId, transfer, answer }) {
    const state = emptyState(options.mintId);
    if (transfer !== null) transferMoney(state, { ...transfer, userId, otherAccount: "GOODS" });
    if (answer !== null) {
      // Only a route of the other feature reads it again: the fingerprint of the request has the path.
      storeAnswer(state, { userId, intent: answer.intent }, answer.content as Success);
    }
    await saveBatch(tx, state);
  },
});
