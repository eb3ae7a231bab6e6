import { Type, type Static } from "typebox";
import { toId, type ConcertId, type TicketId } from "#kernel/ids.ts";
import { toRfc3339 } from "#kernel/instant.ts";
import type { PageQuery } from "#kernel/page.ts";
import { idCursor, invalidCursor, readIdCursor } from "#platform/http/cursors.ts";
import { fingerprintOf } from "#platform/http/fingerprint.ts";
import { malformedRequest, type Fault } from "#platform/http/refusal.ts";
import { route, type AnswerOf, type Route } from "#platform/http/route.ts";
import { ListQuery, Uuid } from "#platform/http/schemas.ts";
import { SharedBody } from "#platform/http/static-files.ts";
import type { Admission } from "../../ports/doors.ts";
import type {
  AnsweredScan,
  CheckInOutcome,
  ExpectedPage,
  NamedExpectedTicket,
  SentScan,
} from "../../use-cases/check-in.ts";
import { CheckInAnswer, CheckInBody, CheckInListAnswer, type ScanBody } from "./check-in-shapes.ts";
import { showDate, ticketView } from "./ticket-shapes.ts";

export interface CheckInUseCases {
  checkIn(scans: readonly SentScan[], actor: string): Promise<CheckInOutcome>;
  listExpected(
    show: { readonly concertId: ConcertId; readonly date: string },
    query: PageQuery<TicketId>,
  ): Promise<ExpectedPage | null>;
}

const tag = "Operator";
const path = "/admin/v1/check-ins";

const listLimitMax = 1000;

const CheckInListQuery = Type.Object({
  ...ListQuery.properties,
  limit: Type.Optional(
    Type.String({
      pattern: "^([1-9][0-9]{0,2}|1000)$",
      description: `1 to ${listLimitMax}, default ${listLimitMax}`,
      examples: [String(listLimitMax)],
    }),
  ),
});

const admissionView = (admission: Admission | null) => ({
  usedAt: admission === null ? null : toRfc3339(admission.usedAtMs),
  gate: admission?.gate ?? null,
});

const answerView = ({ result, ticket, admission }: AnsweredScan) => ({
  result,
  ticket: ticket === null ? null : ticketView(ticket),
  ...admissionView(result === "ADMITTED" || result === "ALREADY_USED" ? admission : null),
});

const expectedView = ({ label, admission, ...ticket }: NamedExpectedTicket) => ({
  ...ticket,
  ...label,
  ...admissionView(admission),
});

/** The scans of a body; the faults of one that has neither one scan nor a list. */
const scansOf = (
  body: Static<typeof CheckInBody>,
): { readonly scans: readonly ScanBody[] } | { readonly faults: readonly Fault[] } => {
  const { items, ...single } = body;
  const isSingle = Object.keys(single).length > 0;
  if ((items === undefined) !== isSingle) {
    const message = "is required: one scan, or items alone";
    return { faults: [{ pointer: "/items", message }] };
  }
  const missing = (["checkInId", "concertId", "date"] as const)
    .filter((name) => items === undefined && single[name] === undefined)
    .map((name) => ({ pointer: `/${name}`, message: "is required" }));
  const scans = items ?? [single as ScanBody];
  const at = items === undefined ? () => "" : (index: number) => `/items/${index}`;
  const ambiguous = scans.flatMap(({ code, ticketId }, index) =>
    (code === undefined) === (ticketId === undefined)
      ? { pointer: `${at(index)}/code`, message: "is required: exactly one of code and ticketId" }
      : [],
  );
  const faults = [...missing, ...ambiguous];
  return faults.length > 0 ? { faults } : { scans };
};

const toScan = (body: ScanBody): SentScan => ({
  checkInId: toId(body.checkInId),
  concertId: toId(body.concertId),
  date: body.date,
  code: body.code,
  ticketId: body.ticketId === undefined ? undefined : toId(body.ticketId),
  gate: body.gate ?? null,
  scannedAtMs: body.at === undefined ? null : Date.parse(body.at),
  fingerprint: fingerprintOf("POST", path, body),
});

const answerOf = (
  outcome: CheckInOutcome,
  isList: boolean,
): AnswerOf<{ 200: typeof CheckInAnswer }> => {
  switch (outcome.kind) {
    case "date-not-found":
      return {
        problem: "DATE_NOT_FOUND",
        ...(isList ? { detail: `No show of /items/${outcome.index}; nothing was recorded.` } : {}),
      };
    case "id-reused":
      return {
        problem: "IDEMPOTENCY_KEY_REUSED",
        detail: `Another scan has the checkInId${isList ? ` of /items/${outcome.index}` : ""}; nothing was recorded.`,
      };
    case "concert-cancelled":
      return {
        problem: "CONCERT_CANCELLED",
        ...(isList
          ? { detail: `The concert of /items/${outcome.index} is cancelled; nothing was recorded.` }
          : {}),
      };
    case "recorded": {
      const { scans } = outcome;
      const [only] = scans;
      if (!isList && only !== undefined) return { status: 200, body: answerView(only) };
      const items = scans.map((scan) => ({ checkInId: scan.checkInId, ...answerView(scan) }));
      return { status: 200, body: { items } };
    }
  }
};

/** Returns the routes with which doors admit tickets. */
export const checkInRoutes = (useCases: CheckInUseCases): readonly Route[] => [
  route({
    method: "POST",
    path,
    operationId: "checkIn",
    tag,
    summary: "Admit tickets at a door",
    description:
      "Of two scans of a ticket the one that the server gets first is `ADMITTED`. A scan that is sent again with its `checkInId` gets its first answer. A scanner without a network admits what its list and the keys allow, and sends its scans later as `items`: all are recorded, or none. Of several faults of a ticket the answer is the first of INVALID, WRONG_DATE, VOID, ALREADY_USED.",
    auth: "operator",
    permission: "check-in",
    answerWithinMs: 10_000,
    body: CheckInBody,
    bodyBytesMax: 1024 * 1024,
    answers: { 200: CheckInAnswer },
    problems: ["DATE_NOT_FOUND", "CONCERT_CANCELLED", "IDEMPOTENCY_KEY_REUSED"],
    handle: async ({ body, caller: { actor } }) => {
      const sent = scansOf(body);
      if ("faults" in sent) return malformedRequest(sent.faults);
      const outcome = await useCases.checkIn(sent.scans.map(toScan), actor);
      return answerOf(outcome, body.items !== undefined);
    },
  }),
  route({
    method: "GET",
    path: "/admin/v1/concerts/{concertId}/dates/{date}/check-in-list",
    operationId: "listCheckIns",
    tag,
    summary: "List the tickets of a show for a scanner without a network",
    description:
      "Such a scanner admits a code whose signature is valid, whose date is that of the show, and whose version is at least the one in the list, if it has admitted neither the ticket nor the seat before. A ticket that was sold after the list was read is not in it.",
    auth: "operator",
    permission: "check-in",
    params: Type.Object({ concertId: Uuid("The concert"), date: showDate }),
    query: CheckInListQuery,
    answers: { 200: CheckInListAnswer },
    problems: ["DATE_NOT_FOUND"],
    handle: async ({ params, query }) => {
      const after = readIdCursor<"ticket">(query.cursor);
      if (after === undefined) return invalidCursor;
      const show = { concertId: toId<"concert">(params.concertId), date: params.date };
      const limit = Number(query.limit ?? listLimitMax);
      const page = await useCases.listExpected(show, { limit, after });
      if (page === null) return { problem: "DATE_NOT_FOUND" };
      const body: Static<typeof CheckInListAnswer> = {
        items: page.items.map(expectedView),
        nextCursor: idCursor(page.next),
        serverTime: toRfc3339(page.nowMs),
      };
      // Scanners read whole lists by mobile networks, again and again.
      return { status: 200, body: await SharedBody.of(body) };
    },
  }),
];
