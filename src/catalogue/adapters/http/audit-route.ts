import { Type } from "typebox";
import { toId } from "#kernel/ids.ts";
import { toPage } from "#kernel/page.ts";
import { route, type Route } from "#platform/http/route.ts";
import { listLimit, ListQuery, Uuid } from "#platform/http/schemas.ts";
import type { AuditTrail } from "../../ports/audit-trail.ts";
import { invalidCursor } from "#platform/http/cursors.ts";
import { AuditList } from "./report-shapes.ts";
import { auditView } from "./views.ts";

const AuditQuery = Type.Object({
  ...ListQuery.properties,
  concertId: Type.Optional(Uuid("Only entries about this concert")),
});

const cursorPattern = /^[1-9][0-9]{0,14}$/;

/** Returns the route that reads the audit trail. */
export const auditRoute = (audit: AuditTrail): Route =>
  route({
    method: "GET",
    path: "/admin/v1/audit",
    operationId: "listAudit",
    tag: "Operator",
    summary: "List the entries of the audit trail, newest first",
    description:
      "Each entry has the operator, the time, the action and the values before and after it.",
    auth: "operator",
    permission: "read",
    query: AuditQuery,
    answers: { 200: AuditList },
    problems: [],
    handle: async ({ query }) => {
      const { cursor, concertId } = query;
      if (cursor !== undefined && !cursorPattern.test(cursor)) return invalidCursor;
      const limit = listLimit(query);
      const entries = await audit.page({
        beforeEntryNo: cursor === undefined ? null : Number(cursor),
        concertId: concertId === undefined ? null : toId(concertId),
        limit: limit + 1,
      });
      const { items, next } = toPage(entries, limit, ({ entryNo }) => String(entryNo));
      return { status: 200, body: { items: items.map(auditView), nextCursor: next } };
    },
  });
