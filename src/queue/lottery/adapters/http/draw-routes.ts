import { Type } from "typebox";
import { toId, type ConcertId } from "#kernel/ids.ts";
import { route, type AnswerOf, type Problem, type Route } from "#platform/http/route.ts";
import { listLimit, ListQuery, Page } from "#platform/http/schemas.ts";
import type { DrawnPlace } from "../../domain/draw-value.ts";
import type { DrawListing, ReadDraw } from "../../use-cases/read-draw.ts";
import { ConcertParams } from "../../../admission/adapters/http/shapes.ts";

/** The use cases that the routes of a draw call. */
export interface DrawUseCases {
  readonly read: (query: ReadDraw) => Promise<DrawListing>;
  /** Yields the whole list in parts. */
  readonly file: (concertId: ConcertId) => AsyncIterable<readonly DrawnPlace[]>;
}

const DrawnPlaceBody = Type.Object(
  {
    drawValue: Type.Integer({
      minimum: 0,
      description:
        "The first 13 hex digits of HMAC-SHA-256 (key: the seed's bytes, message: the user id in lower case), as an integer",
    }),
    userHash: Type.String({
      pattern: "^[0-9a-f]{64}$",
      examples: ["3f2a".repeat(16)],
      description:
        "SHA-256 of the user id in lower case, in hex. Only a caller who knows the user id can recognise it",
    }),
  },
  { $id: "DrawnPlace" },
);

const path = "/api/v1/concerts/{concertId}/queue/draw";
const tag = "Queue";

/** A finished draw never changes; a pending one may finish within a second. */
const cachedFor = (isDone: boolean) => ({
  "Cache-Control": isDone ? "public, max-age=31536000, immutable" : "public, max-age=1",
});

const noDraw: Problem = {
  problem: "NOT_FOUND",
  detail: "This queue is served in the order of arrival; it has no draw.",
};
const unknownConcert: Problem = { problem: "CONCERT_NOT_FOUND" };
const invalidCursor: Problem = {
  problem: "INVALID_REQUEST",
  detail: "The cursor is not a nextCursor of this list.",
};

const lineOf = ({ drawValue, userHash }: DrawnPlace): string => `${drawValue} ${userHash}\n`;

const refusalOf = ({ kind }: DrawListing): Problem | null => {
  switch (kind) {
    case "unknown-concert":
      return unknownConcert;
    case "fifo":
      return noDraw;
    case "undrawn":
    case "listed":
      return null;
  }
};

/** A cursor is the number of places before the page, as text. */
const cursorPattern = /^[1-9][0-9]{0,8}$/;

const DrawPage = Page(DrawnPlaceBody);

const pageAnswer = (listing: DrawListing): AnswerOf<{ 200: typeof DrawPage }> => {
  const refusal = refusalOf(listing);
  if (refusal !== null) return refusal;
  if (listing.kind !== "listed") {
    return { status: 200, body: { items: [], nextCursor: null }, headers: cachedFor(false) };
  }
  const { places, next } = listing;
  const body = { items: places, nextCursor: next === null ? null : String(next) };
  return { status: 200, body, headers: cachedFor(true) };
};

/** Returns the routes that publish the draw of a lottery. */
export const drawRoutes = (draws: DrawUseCases): readonly Route[] => [
  route({
    method: "GET",
    path,
    operationId: "listDraw",
    tag,
    summary: "List the draw of a lottery",
    description:
      "The sorted draw values, in the order in which users are admitted. Empty before the draw, and fixed after it. " +
      "`entrantsDigest` of the queue's `draw` is the SHA-256 of all `userHash` values, sorted and joined by line feeds.",
    auth: "none",
    isCacheable: true,
    params: ConcertParams,
    query: ListQuery,
    answers: { 200: DrawPage },
    problems: ["CONCERT_NOT_FOUND", "NOT_FOUND", "INVALID_REQUEST"],
    handle: async ({ params, query }) => {
      const { cursor } = query;
      if (cursor !== undefined && !cursorPattern.test(cursor)) return invalidCursor;
      const concertId = toId<"concert">(params.concertId);
      const from = Number(cursor ?? 0);
      return pageAnswer(await draws.read({ concertId, from, count: listLimit(query) }));
    },
  }),
  route({
    method: "GET",
    path: `${path}/file`,
    operationId: "downloadDraw",
    tag,
    summary: "Download the draw of a lottery",
    description:
      "One line of text for each place, in order: draw value, a space, `userHash`. Empty before the draw.",
    auth: "none",
    isCacheable: true,
    params: ConcertParams,
    answers: { 200: Type.String({ description: "Lines of text, each with a final line feed" }) },
    answerType: "text/plain",
    problems: ["CONCERT_NOT_FOUND", "NOT_FOUND"],
    handle: async ({ params }) => {
      const concertId = toId<"concert">(params.concertId);
      const first = await draws.read({ concertId, from: 0, count: 1 });
      const refusal = refusalOf(first);
      if (refusal !== null) return refusal;
      const headers = {
        ...cachedFor(first.kind === "listed"),
        "Content-Type": "text/plain; charset=utf-8",
      };
      return { status: 200, headers, stream: linesOf(draws.file(concertId)) };
    },
  }),
];

async function* linesOf(parts: AsyncIterable<readonly DrawnPlace[]>): AsyncGenerator<string> {
  for await (const places of parts) yield places.map(lineOf).join("");
}
