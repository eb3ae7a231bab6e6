import { Type } from "typebox";
import { toId } from "#kernel/ids.ts";
import { route, type Route } from "#platform/http/route.ts";
import { Text } from "#platform/http/schemas.ts";
import { textLengthMax } from "../../domain/new-concert.ts";
import { planLimits } from "../../domain/plan-input.ts";
import { priceMax } from "../../domain/price.ts";
import type { SaleMonitor } from "../../ports/sale-monitor.ts";
import type { CorrectConcert, CorrectConcertOutcome } from "../../use-cases/correct-concert.ts";
import { ConcertOnSale, ConcertParams, SeenVersion } from "./shapes.ts";
import { invalid, versionConflict } from "./violations.ts";
import { concertOnSaleView } from "./views.ts";

const GradeBody = Type.Object({
  name: Text({ maxLength: textLengthMax.grade, description: "Name of a grade of the concert" }),
  price: Type.Integer({
    minimum: 1,
    maximum: priceMax,
    description: "The new price, in the minor unit of the currency",
    examples: [99_000],
  }),
});

const CorrectionBody = Type.Object(
  {
    title: Type.Optional(Text({ maxLength: textLengthMax.title, description: "The title" })),
    venue: Type.Optional(Text({ maxLength: textLengthMax.venue, description: "The venue" })),
    grades: Type.Optional(
      Type.Array(GradeBody, {
        minItems: 1,
        maxItems: planLimits.grades,
        description: "The grades whose price changes",
      }),
    ),
    version: SeenVersion(),
  },
  { examples: [{ title: "Winter Night", grades: [{ name: "R", price: 99_000 }] }] },
);

/** Returns the route with which operators correct a concert. */
export const correctRoute = (deps: {
  readonly monitor: Pick<SaleMonitor, "getState">;
  readonly correctConcert: (command: CorrectConcert) => Promise<CorrectConcertOutcome>;
}): Route =>
  route({
    method: "PATCH",
    path: "/admin/v1/concerts/{concertId}",
    operationId: "correctConcert",
    tag: "Operator",
    summary: "Correct the title, venue or prices of a concert",
    description:
      "Members left out keep their values. A new price applies to seats that are neither held nor sold: a hold keeps the price that it was made at. In force on all instances within 1 s.",
    auth: "operator",
    permission: "manage",
    params: ConcertParams,
    body: CorrectionBody,
    answers: { 200: ConcertOnSale },
    problems: ["CONCERT_NOT_FOUND", "VERSION_CONFLICT"],
    handle: async ({ params, body, caller: { actor } }) => {
      const { version = null, ...correction } = body;
      const concertId = toId<"concert">(params.concertId);
      const outcome = await deps.correctConcert({ actor, concertId, correction, version });
      switch (outcome.kind) {
        case "concert-not-found":
          return { problem: "CONCERT_NOT_FOUND" };
        case "version-conflict":
          return versionConflict(outcome.version);
        case "invalid":
          return invalid(outcome.violations);
        case "corrected": {
          const state = await deps.monitor.getState(concertId);
          return { status: 200, body: concertOnSaleView(outcome.concert, state) };
        }
      }
    },
  });
