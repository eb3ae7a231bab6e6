import type { Intent } from "#kernel/idempotency.ts";
import { toId, type UserId } from "#kernel/ids.ts";
import type { Money } from "#kernel/money.ts";
import { keyAnswer } from "#platform/http/key-answer.ts";
import { route, type AnswerOf, type Route } from "#platform/http/route.ts";
import { listLimit, ListQuery } from "#platform/http/schemas.ts";
import type { ChargeOutcome } from "../../domain/commands.ts";
import type { Page, PageQuery } from "#kernel/page.ts";
import type { WalletEntry } from "../../ports/records.ts";
import type { ChargeBalance } from "../../use-cases/charge-balance.ts";
import { numberCursor, readNumberCursor, invalidCursor } from "#platform/http/cursors.ts";
import {
  BalanceAnswer,
  chargeAnswers,
  ChargeBody,
  DeskChargeBody,
  EntryPage,
  replayNote,
  UserParams,
} from "./shapes.ts";
import { chargeSuccess, entryView } from "./views.ts";

export interface MoneyUseCases {
  readBalance(userId: UserId): Promise<Money>;
  chargeBalance(command: ChargeBalance): Promise<ChargeOutcome>;
  listEntries(userId: UserId, query: PageQuery<number>): Promise<Page<WalletEntry, number>>;
  /** False for a user that is unknown or erased. Throws Unavailable. */
  userExists(userId: UserId): Promise<boolean>;
  readonly currency: string;
  /** `operator`: only the operator's desk adds to balances. */
  readonly charges: ChargesMode;
}

/** The source of charges. */
export type ChargesMode = "open" | "operator";

const tag = "Balance";

const chargeAnswer = async (outcome: ChargeOutcome): Promise<AnswerOf<typeof chargeAnswers>> => {
  switch (outcome.kind) {
    case "charged":
      return chargeSuccess(outcome);
    case "balance-limit-exceeded":
      return {
        problem: "BALANCE_LIMIT_EXCEEDED",
        detail: "The balance would exceed 9,007,199,254,740,991.",
      };
    case "replayed":
    case "key-reused":
    case "key-in-progress":
      return keyAnswer(outcome, chargeSuccess);
  }
};

/** A control character is in no client's key, so the desk's keys never meet those of the user. */
const deskIntent = (intent: Intent): Intent => ({ ...intent, key: `\u0001${intent.key}` });

const deskRoute = (useCases: MoneyUseCases): Route =>
  route({
    method: "POST",
    path: "/admin/v1/users/{userId}/charges",
    operationId: "chargeAtDesk",
    tag: "Operator",
    summary: "Add money to a user's balance at the desk",
    description: `For money that was paid outside. The audit trail records the operator and the reason. ${replayNote}`,
    auth: "operator",
    permission: "administer",
    idempotency: "required",
    params: UserParams,
    body: DeskChargeBody,
    answers: chargeAnswers,
    problems: ["NOT_FOUND", "BALANCE_LIMIT_EXCEEDED"],
    handle: async ({ caller: { actor }, params, body, intent }) => {
      if (intent === null) return { problem: "IDEMPOTENCY_KEY_REQUIRED" };
      const userId = toId<"user">(params.userId);
      if (!(await useCases.userExists(userId))) return { problem: "NOT_FOUND" };
      const { amount, reason } = body;
      const onBehalf = { actor, reason };
      return chargeAnswer(
        await useCases.chargeBalance({ userId, amount, intent: deskIntent(intent), onBehalf }),
      );
    },
  });

/** Returns the routes of the caller's balance. The path of another user is answered with 404. */
export const moneyRoutes = (useCases: MoneyUseCases): readonly Route[] => [
  route({
    method: "GET",
    path: "/api/v1/users/{userId}/balance",
    operationId: "readBalance",
    tag,
    summary: "Read the caller's balance",
    auth: "access",
    params: UserParams,
    answers: { 200: BalanceAnswer },
    problems: ["NOT_FOUND"],
    handle: async ({ caller: { userId }, params }) => {
      if (params.userId !== userId) return { problem: "NOT_FOUND" };
      const balance = await useCases.readBalance(userId);
      return { status: 200, body: { userId, balance, currency: useCases.currency } };
    },
  }),
  route({
    method: "POST",
    path: "/api/v1/users/{userId}/balance/charges",
    operationId: "chargeBalance",
    tag,
    summary: "Add money to the caller's balance",
    description: replayNote,
    auth: "access",
    idempotency: "required",
    params: UserParams,
    body: ChargeBody,
    answers: chargeAnswers,
    problems: ["NOT_FOUND", "BALANCE_LIMIT_EXCEEDED", "CHARGES_DISABLED"],
    handle: async ({ caller: { userId }, params, body, intent }) => {
      if (params.userId !== userId) return { problem: "NOT_FOUND" };
      if (useCases.charges === "operator") return { problem: "CHARGES_DISABLED" };
      if (intent === null) return { problem: "IDEMPOTENCY_KEY_REQUIRED" };
      return chargeAnswer(await useCases.chargeBalance({ userId, amount: body.amount, intent }));
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/users/{userId}/balance/entries",
    operationId: "listBalanceEntries",
    tag,
    summary: "List the changes of the caller's balance, newest first",
    auth: "access",
    params: UserParams,
    query: ListQuery,
    answers: { 200: EntryPage },
    problems: ["NOT_FOUND"],
    handle: async ({ caller: { userId }, params, query }) => {
      if (params.userId !== userId) return { problem: "NOT_FOUND" };
      const after = readNumberCursor(query.cursor);
      if (after === undefined) return invalidCursor;
      const page = await useCases.listEntries(userId, { limit: listLimit(query), after });
      return {
        status: 200,
        body: { items: page.items.map(entryView), nextCursor: numberCursor(page.next) },
      };
    },
  }),
  deskRoute(useCases),
];
