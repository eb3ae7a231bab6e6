import { Type } from "typebox";
import { toId, type ConcertId } from "#kernel/ids.ts";
import { route, type AnswerOf, type Problem, type Route } from "#platform/http/route.ts";
import { listLimit, ListQuery, Page } from "#platform/http/schemas.ts";
import type { DrawnPlace } from "../../domain/draw.ts";
import type { DrawListing, ReadDraw } from "../../use-cases/read-draw.ts";
import { ConcertParams } from "./shapes.ts";

/** What the routes of a draw call. */
export interface DrawUseCases {
  readonly read: (query: ReadDraw) => Promise<DrawListing>;
  /** Lines of the whole list, in parts. */
  readonly file: (concertId: ConcertId) => AsyncIterable<readonly DrawnPlace[]>;
}

const DrawnPlaceBody = Type.Object(
  {
    drawValue: Type.Integer({
      minimum: 0,
      description:
        "The first 13 hex digits of HMAC-SHA-256 (key: the seed's bytes, message: the user id in lower case), as an integer.",
    }),
    userHash: Type.String({
      pattern: "^[0-9a-f]{64}$",
      examples: ["3f2a".repeat(16)],
      description:
        "SHA-256 of the user id in lower case, in hex: whose it is, only its owner can tell.",
    }),
  },
  { $id: "DrawnPlace" },
);

const path = "/api/v1/concerts/{concertId}/queue/draw";
const tag = "Queue";

/** A draw that is done never changes; one that is not may be done in a moment. */
const cachedFor = (isDone: boolean) => ({
  "Cache-Control": isDone ? "public, max-age=31536000, immutable" : "public, max-age=1",
});

const noDraw: Problem = {
  problem: "NOT_FOUND",
  detail: "This line is served in the order of arrival: nothing is drawn.",
};
const unknownConcert: Problem = { problem: "CONCERT_NOT_FOUND" };
const strangeCursor: Problem = {
  problem: "INVALID_REQUEST",
  detail: "The cursor is not one that this list has given.",
};

const lineOf = ({ drawValue, userHash }: DrawnPlace): string => `${drawValue} ${userHash}\n`;

const refusalOf = ({ kind }: DrawListing): Problem | null => {
  if (kind === "unknown-concert") return unknownConcert;
  return kind === "fifo" ? noDraw : null;
};

/** Cursors are the number of places before, as text. */
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

/** The routes that publish what a lottery has drawn. */
export const drawRoutes = (draws: DrawUseCases): readonly Route[] => [
  route({
    method: "GET",
    path,
    operationId: "listDraw",
    tag,
    summary: "The sorted draw values of a lottery",
    description:
      "In the order in which people are served. Empty before the draw. It never changes afterwards. " +
      "`entrantsDigest` of the queue's `draw` is the SHA-256 of all `userHash`, sorted, joined by line feeds.",
    auth: "none",
    params: ConcertParams,
    query: ListQuery,
    answers: { 200: DrawPage },
    problems: ["CONCERT_NOT_FOUND", "NOT_FOUND", "INVALID_REQUEST"],
    handle: async ({ params, query }) => {
      const { cursor } = query;
      if (cursor !== undefined && !cursorPattern.test(cursor)) return strangeCursor;
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
    summary: "The sorted draw values of a lottery, all of them",
    description:
      "A line a place, in order: draw value, a space, `userHash`. Empty before the draw.",
    auth: "none",
    params: ConcertParams,
    answers: { 200: Type.String({ description: "Lines that end with a line feed." }) },
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
