import type { DrawnPlace, PublishedDraw } from "./draw.ts";

/** Why a draw cannot be checked at all: words for the person who asked. */
export class NothingToCheck extends Error {}

/** A page of the list may be as large as a server likes to make it; asking stops here. */
const pagesMax = 1_000_000;

const read = async (url: URL): Promise<Record<string, unknown>> => {
  const answer = await fetch(url, { headers: { accept: "application/json" } }).catch(
    (error: unknown) => {
      throw new NothingToCheck(`${url.origin} does not answer: ${String(error)}`);
    },
  );
  const text = await answer.text();
  if (!answer.ok) throw new NothingToCheck(`${url.href} answers ${answer.status}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
};

const placeOf = (item: unknown): DrawnPlace => {
  if (typeof item === "number") return { drawValue: item, userHash: null };
  const { drawValue, userHash } = (item ?? {}) as Record<string, unknown>;
  if (typeof drawValue !== "number") throw new NothingToCheck("the list shows no draw values");
  return { drawValue, userHash: typeof userHash === "string" ? userHash.toLowerCase() : null };
};

const linePattern = /^(\d+) ([0-9a-f]{64})$/;

/** The whole list as one file, a line a place; null when this server does not offer it. */
const readFile = async (queueUrl: string): Promise<DrawnPlace[] | null> => {
  const answer = await fetch(`${queueUrl}/draw/file`);
  if (answer.status === 404) return null;
  const text = await answer.text();
  if (!answer.ok) throw new NothingToCheck(`${answer.url} answers ${answer.status}: ${text}`);
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [, value, userHash] = linePattern.exec(line) ?? [];
    if (value === undefined || userHash === undefined)
      throw new NothingToCheck("the list has a line that is no place");
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
    if (!Array.isArray(items)) throw new NothingToCheck("the server publishes no list");
    for (const item of items) places.push(placeOf(item));
    if (typeof nextCursor !== "string") return places;
    cursor = nextCursor;
  }
  throw new NothingToCheck("the list does not end");
};

/** Reads what a server publishes of a concert's draw. Throws NothingToCheck when there is none yet. */
export const readPublishedDraw = async (
  serverUrl: string,
  concertId: string,
): Promise<PublishedDraw> => {
  const root = serverUrl.replace(/\/+$/, "");
  const queueUrl = `${root}/api/v1/concerts/${encodeURIComponent(concertId)}/queue`;
  const { draw } = await read(new URL(queueUrl));
  if (draw === null || draw === undefined)
    throw new NothingToCheck("this line is served in the order of arrival: nothing was drawn");
  const { commitment, seed, drawnAt, entrants, entrantsDigest } = draw as Record<string, unknown>;
  if (typeof seed !== "string")
    throw new NothingToCheck(
      `the draw is not done yet. Note the commitment, and come back: ${String(commitment)}`,
    );
  return {
    commitment: String(commitment),
    seed,
    drawnAt: String(drawnAt),
    entrants: Number(entrants),
    entrantsDigest: String(entrantsDigest),
    places: (await readFile(queueUrl)) ?? (await readPages(queueUrl)),
  };
};
