import type { MintId, UserId } from "#kernel/ids.ts";
import type { Intent } from "#kernel/idempotency.ts";
import type { Money } from "#kernel/money.ts";
import type { ChargeOutcome, OperatorNote } from "../domain/commands.ts";
import type { BoxOffice } from "../ports/box-office.ts";

export interface ChargeBalance {
  readonly userId: UserId;
  /** 1 to 10,000,000. */
  readonly amount: Money;
  readonly intent: Intent;
  /** The operator who charges at the desk; absent for the user's own charge. */
  readonly onBehalf?: OperatorNote;
}

export interface ChargeBalanceDeps {
  readonly boxOffice: BoxOffice;
  readonly mintId: MintId;
  readonly currency: string;
}

/** Adds money to a balance in one transaction. Outcomes: see `decideCharge`. Throws Unavailable. */
export const chargeBalance =
  (deps: ChargeBalanceDeps) =>
  ({ userId, amount, intent, onBehalf }: ChargeBalance): Promise<ChargeOutcome> =>
    deps.boxOffice.submit<"charge">({
      kind: "charge",
      chargeId: deps.mintId<"charge">(),
      userId,
      amount,
      currency: deps.currency,
      intent,
      ...(onBehalf === undefined ? {} : { onBehalf }),
    });
