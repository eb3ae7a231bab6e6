import { Type } from "typebox";
import { toId, type ConcertId } from "#kernel/ids.ts";
import { route, type Problem, type Route } from "#platform/http/route.ts";
import { CalendarDate, Instant } from "#platform/http/schemas.ts";
import type { Concert } from "../../domain/concert.ts";
import type { SaleMonitor } from "../../ports/sale-monitor.ts";
import type {
  AddDate,
  AddDateOutcome,
  MoveDate,
  MoveDateOutcome,
} from "../../use-cases/change-dates.ts";
import { ShowDateBody } from "./new-concert-shapes.ts";
import { parseDateInput } from "./parse-input.ts";
import { ConcertOnSale, ConcertParams, SeenVersion } from "./shapes.ts";
import { closedForGood, invalid, versionConflict } from "./violations.ts";
import { concertOnSaleView } from "./views.ts";

export interface DateRoutesDeps {
  readonly monitor: Pick<SaleMonitor, "getState">;
  readonly addDate: (command: AddDate) => Promise<AddDateOutcome>;
  readonly moveDate: (command: MoveDate) => Promise<MoveDateOutcome>;
}

const NewDateBody = Type.Object(
  { ...ShowDateBody.properties, version: SeenVersion() },
  { examples: [{ date: "2026-12-26", startsAt: "2026-12-26T10:00:00.000Z" }] },
);

const MovedDateBody = Type.Object(
  {
    startsAt: Instant("The new start, on the same date in the time zone of the concert"),
    version: SeenVersion(),
  },
  { examples: [{ startsAt: "2026-12-24T11:00:00.000Z" }] },
);

type OnSale = ReturnType<typeof concertOnSaleView>;

/** The refusals of both routes. */
const refusalOf = (
  outcome: Extract<
    AddDateOutcome | MoveDateOutcome,
    { kind: "concert-not-found" | "version-conflict" | "invalid" }
  >,
): Problem => {
  switch (outcome.kind) {
    case "concert-not-found":
      return { problem: "CONCERT_NOT_FOUND" };
    case "version-conflict":
      return versionConflict(outcome.version);
    case "invalid":
      return invalid(outcome.violations);
  }
};

const addRoute = ({ monitor, addDate }: DateRoutesDeps): Route =>
  route({
    method: "POST",
    path: "/admin/v1/concerts/{concertId}/dates",
    operationId: "addDate",
    tag: "Operator",
    summary: "Add a date to a concert",
    description:
      "The date has all seats of the hall, AVAILABLE; without `startsAt` it begins at 19:00 in the time zone of the concert. On sale on all instances within 1 s, also where the queue was SOLD_OUT or ENDED: users can join again then, and places that ended stay ended. A closed queue answers QUEUE_NOT_OPEN.",
    auth: "operator",
    permission: "manage",
    idempotency: "optional",
    answerWithinMs: 20_000,
    params: ConcertParams,
    body: NewDateBody,
    answers: { 201: ConcertOnSale },
    problems: ["CONCERT_NOT_FOUND", "VERSION_CONFLICT", "QUEUE_NOT_OPEN"],
    handle: async ({ params, body: { version = null, ...date }, caller: { actor }, intent }) => {
      const { input, violations } = parseDateInput(date);
      if (violations.length > 0) return invalid(violations);
      const concertId = toId<"concert">(params.concertId);
      // The state before: the queue learns of the date from the commit on.
      const state = await monitor.getState(concertId);
      const answerOf = (concert: Concert): OnSale => concertOnSaleView(concert, state);
      const outcome = await addDate({ actor, concertId, input, version, intent, answerOf });
      switch (outcome.kind) {
        case "closed":
          return closedForGood;
        case "key-reused":
          return { problem: "IDEMPOTENCY_KEY_REUSED" };
        case "added":
          return { status: 201, body: outcome.answer as OnSale };
        case "replayed": {
          const headers = { "Idempotent-Replayed": "true" };
          return { status: 201, headers, body: outcome.answer as OnSale };
        }
        case "concert-not-found":
        case "version-conflict":
        case "invalid":
          return refusalOf(outcome);
      }
    },
  });

const moveRoute = ({ monitor, moveDate }: DateRoutesDeps): Route =>
  route({
    method: "PATCH",
    path: "/admin/v1/concerts/{concertId}/dates/{date}",
    operationId: "moveDate",
    tag: "Operator",
    summary: "Move the start of a show within its day",
    description:
      "Holds and tickets stay. A show that has begun cannot move, and none into the past. In force on all instances within 1 s.",
    auth: "operator",
    permission: "manage",
    params: Type.Object({ ...ConcertParams.properties, date: CalendarDate("The date") }),
    body: MovedDateBody,
    answers: { 200: ConcertOnSale },
    problems: ["CONCERT_NOT_FOUND", "DATE_NOT_FOUND", "VERSION_CONFLICT"],
    handle: async ({ params, body: { version = null, startsAt }, caller: { actor } }) => {
      const { date } = params;
      const { input, violations } = parseDateInput({ date, startsAt });
      if (violations.length > 0) return invalid(violations);
      const concertId: ConcertId = toId(params.concertId);
      const startsAtMs = input.startsAtMs ?? Number.NaN;
      const outcome = await moveDate({ actor, concertId, date, startsAtMs, version });
      switch (outcome.kind) {
        case "date-not-found":
          return { problem: "DATE_NOT_FOUND" };
        case "corrected": {
          const state = await monitor.getState(concertId);
          return { status: 200, body: concertOnSaleView(outcome.concert, state) };
        }
        case "concert-not-found":
        case "version-conflict":
        case "invalid":
          return refusalOf(outcome);
      }
    },
  });

/** Returns the routes with which operators add a date and move its time. */
export const dateRoutes = (deps: DateRoutesDeps): readonly Route[] => [
  addRoute(deps),
  moveRoute(deps),
];
