import type { DrawnPlace, PublishedDraw } from "./draw.ts";

/** There is no draw to check; the message says why. */
export class DrawUnavailable extends Error {}

/** Bounds the pages of a server whose list never ends. */
const pagesMax = 1_000_000;

const read = async (url: URL): Promise<Record<string, unknown>> => {
  const answer = await fetch(url, { headers: { accept: "application/json" } }).catch(
    (error: unknown) => {
      throw new DrawUnavailable(`${url.origin} does not answer: ${String(error)}`);
    },
  );
  const text = await answer.text();
  if (!answer.ok) throw new DrawUnavailable(`${url.href} answers ${answer.status}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
};

const placeOf = (item: unknown): DrawnPlace => {
  if (typeof item === "number") return { drawValue: item, userHash: null };
  const { drawValue, userHash } = (item ?? {}) as Record<string, unknown>;
  if (typeof drawValue !== "number") throw new DrawUnavailable("the list has no draw values");
  return { drawValue, userHash: typeof userHash === "string" ? userHash.toLowerCase() : null };
};

const linePattern = /^(\d+) ([0-9a-f]{64})$/;

/** Reads the list as one file, a line a place; null when the server does not offer it. */
const readListFile = async (queueUrl: string): Promise<DrawnPlace[] | null> => {
  const answer = await fetch(`${queueUrl}/draw/file`);
  if (answer.status === 404) return null;
  const text = await answer.text();
  if (!answer.ok) throw new DrawUnavailable(`${answer.url} answers ${answer.status}: ${text}`);
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [, value, userHash] = linePattern.exec(line) ?? [];
    if (value === undefined || userHash === undefined)
      throw new DrawUnavailable("the list has a line that is not a place");
    return { drawValue: Number(value), userHash };
  });
};

const readPages = async (queueUrl: string): Promise<DrawnPlace[]> => {
  const places: DrawnPlace[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const url = new URL(`${queueUrl}/draw`);
    url.searchParams.set("limit", "100");
    if (cursor !== null) url.searchParams.set("cursor", cursor);
    const { items, nextCursor } = await read(url);
    if (!Array.isArray(items)) throw new DrawUnavailable("the server publishes no list");
    for (const item of items) places.push(placeOf(item));
    if (typeof nextCursor !== "string") return places;
    cursor = nextCursor;
  }
  throw new DrawUnavailable("the list does not end");
};

/** Reads the published draw of a concert. Throws DrawUnavailable when there is none yet. */
export const readPublishedDraw = async (
  serverUrl: string,
  concertId: string,
): Promise<PublishedDraw> => {
  const root = serverUrl.replace(/\/+$/, "");
  const queueUrl = `${root}/api/v1/concerts/${encodeURIComponent(concertId)}/queue`;
  const { draw } = await read(new URL(queueUrl));
  if (draw === null || draw === undefined)
    throw new DrawUnavailable("this queue is served in the order of arrival: there is no draw");
  const { commitment, seed, drawnAt, entrants, entrantsDigest } = draw as Record<string, unknown>;
  if (typeof seed !== "string")
    throw new DrawUnavailable(
      `the draw is not done yet. Note the commitment, and try again later: ${String(commitment)}`,
    );
  return {
    commitment: String(commitment),
    seed,
    drawnAt: String(drawnAt),
    entrants: Number(entrants),
    entrantsDigest: String(entrantsDigest),
    places: (await readListFile(queueUrl)) ?? (await readPages(queueUrl)),
  };
};
