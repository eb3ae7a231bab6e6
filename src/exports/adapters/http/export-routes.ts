import { Type } from "typebox";
import { toId } from "#kernel/ids.ts";
import { route, type Route } from "#platform/http/route.ts";
import { Uuid } from "#platform/http/schemas.ts";
import { headOf, type Book, type ExportNote } from "../../domain/books.ts";
import type { ExportBookOutcome } from "../../use-cases/export-book.ts";

export interface ExportUseCases {
  exportBook(note: ExportNote): Promise<ExportBookOutcome>;
}

interface Description {
  readonly book: Book;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
}

const descriptions: readonly Description[] = [
  {
    book: "tickets",
    operationId: "exportTickets",
    summary: "Download the tickets of a concert",
    description: "One record for each ticket, also a VOID one, with its holder and its seat.",
  },
  {
    book: "payments",
    operationId: "exportPayments",
    summary: "Download the payments of a concert",
    description: "One record for each payment.",
  },
  {
    book: "ledger",
    operationId: "exportLedger",
    summary: "Download the ledger of a concert",
    description:
      "One record for each ledger entry of the concert. The entries of a `transferId` sum to zero, so the file sums to zero, and its REVENUE entries sum to the revenue. Charges belong to no concert.",
  },
  {
    book: "queue",
    operationId: "exportQueue",
    summary: "Download the journal of a concert's queue",
    description:
      "One record for each admission, skipped turn, return and end of a place. A user who only waits has none.",
  },
];

const common =
  "CSV by RFC 4180 in UTF-8 with a byte order mark, as of one moment. A text that a spreadsheet would calculate begins with an apostrophe. The connection breaks off when the file cannot be completed: a file that ends is whole. One instance serves two exports at once. The audit trail records each.";

/** The first part of the largest file takes longer than usual answers. */
const answerWithinMs = 35_000;

const exportRoute = ({ exportBook }: ExportUseCases, described: Description): Route => {
  const { book, operationId, summary } = described;
  const head = headOf(book);
  return route({
    method: "GET",
    path: `/admin/v1/concerts/{concertId}/exports/${book}`,
    operationId,
    tag: "Operator",
    summary,
    description: `${described.description} ${common}`,
    auth: "operator",
    permission: "export",
    params: Type.Object({ concertId: Uuid("The concert") }),
    answerWithinMs,
    answers: {
      200: Type.String({
        description: `The columns ${head.join(", ")}. Later releases may add columns at the end`,
        examples: [`${head.join(",")}\r\n`],
      }),
    },
    answerType: "text/csv",
    problems: ["CONCERT_NOT_FOUND"],
    handle: async ({ params, caller: { actor } }) => {
      const concertId = toId<"concert">(params.concertId);
      const outcome = await exportBook({ actor, concertId, book });
      if (outcome.kind === "concert-not-found") return { problem: "CONCERT_NOT_FOUND" };
      const headers = {
        "Content-Type": "text/csv; charset=utf-8; header=present",
        "Content-Disposition": `attachment; filename="${book}-${concertId}.csv"`,
      };
      return { status: 200, headers, stream: outcome.file };
    },
  });
};

/** Returns the routes with which operators download the books of a concert. */
export const exportRoutes = (useCases: ExportUseCases): readonly Route[] =>
  descriptions.map((described) => exportRoute(useCases, described));
