import { toId, type ConcertId } from "#kernel/ids.ts";
import { route, type Route } from "#platform/http/route.ts";
import type { PricedPlan } from "../../use-cases/read-seating-plan.ts";
import { SharedBody } from "#platform/http/static-files.ts";
import { PlanQuery, SeatingPlanAnswer } from "./plan-shapes.ts";
import { ConcertParams } from "./shapes.ts";

/** A year, the longest that caches take. */
const forEver = "public, max-age=31536000, immutable";

/** Writes each plan once: one of 60,000 named seats takes 3 MB and 0.1 s, and any client can ask for it. */
const planBodies = () => {
  const known = new WeakMap<PricedPlan, Promise<SharedBody>>();
  return (priced: PricedPlan): Promise<SharedBody> => {
    const { planId, plan, grades } = priced;
    const { seatsTotal, focus, sections } = plan;
    const body =
      known.get(priced) ?? SharedBody.of({ planId, seatsTotal, focus, grades, sections });
    known.set(priced, body);
    return body;
  };
};

/** Returns the public route of seating plans. */
export const planRoute = (
  readSeatingPlan: (concertId: ConcertId) => Promise<PricedPlan | null>,
): Route => {
  const bodyOf = planBodies();
  return route({
    method: "GET",
    path: "/api/v1/concerts/{concertId}/seating-plan",
    operationId: "getSeatingPlan",
    tag: "Concerts",
    summary: "Read the seating plan of a concert",
    description:
      "Sections, rows and names of the seats of every date. Seat numbers follow the order of the plan and never change. With `v` of the present `planId` the answer may be cached for ever; its `ETag` is the `planId`.",
    auth: "none",
    isCacheable: true,
    params: ConcertParams,
    query: PlanQuery,
    answers: { 200: SeatingPlanAnswer },
    problems: ["CONCERT_NOT_FOUND"],
    handle: async ({ params, query }) => {
      const priced = await readSeatingPlan(toId(params.concertId));
      if (priced === null) return { problem: "CONCERT_NOT_FOUND" };
      const { planId } = priced;
      const headers = {
        ETag: `"${planId}"`,
        "Cache-Control": query.v === planId ? forEver : "no-cache",
      };
      return { status: 200, headers, body: await bodyOf(priced) };
    },
  });
};
