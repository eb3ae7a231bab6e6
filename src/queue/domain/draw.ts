import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { isLobbyPlace } from "./place.ts";
import type { QueuePolicy } from "./policy.ts";

/** HMAC-SHA-256 in hex, of a text under a key of bytes in hex. */
export type Hmac = (keyHex: string, text: string) => string;

/** 13 hex digits are 52 bits: exact in a double, and below every score of order of arrival. */
const drawValueDigits = 13;

/** The draw value of a user: it depends on nothing but the seed and the user's id. 0 to 2^52 - 1. */
export const drawValueOf = (hmac: Hmac, seed: string, userId: UserId): number =>
  Number.parseInt(hmac(seed, userId.toLowerCase()).slice(0, drawValueDigits), 16);

/** What the draw of a queue needs to know of its sale. */
export interface DrawSetting {
  readonly policy: Pick<QueuePolicy, "mode" | "admitsAtMs">;
  /** 32 bytes in hex for a lottery. */
  readonly drawSeed: string | null;
  /** What was drawn, once it is in the database; before, nobody is admitted or told a position. */
  readonly draw?: DrawRecord | null | undefined;
}

/** A draw that is done: it is never changed. */
export interface DrawRecord {
  /** When the lobby was closed, by its store's clock. */
  readonly drawnAtMs: InstantMs;
  readonly entrants: number;
  /** SHA-256 in hex of the user ids' SHA-256 hex digests, sorted, joined by line feeds. */
  readonly entrantsDigest: string;
}

/** A lottery whose draw is not done: everybody in the queue waits for it. */
export const isUndrawn = ({ policy, draw }: Pick<DrawSetting, "policy" | "draw">): boolean =>
  policy.mode === "lottery" && (draw ?? null) === null;

const seedOf = ({ drawSeed }: DrawSetting): string => {
  if (drawSeed === null) throw new Error("a lottery has no seed");
  return drawSeed;
};

/** The user's draw value in a lottery's queue; null in fifo, whatever seed there was. */
export const lotteryValue = (hmac: Hmac, setting: DrawSetting, userId: UserId): number | null =>
  setting.policy.mode === "fifo" ? null : drawValueOf(hmac, seedOf(setting), userId);

/** How a newcomer stands in a lottery's queue; undefined in fifo. */
export const lobbyTerms = (
  hmac: Hmac,
  setting: DrawSetting,
  userId: UserId,
): { readonly untilMs: InstantMs; readonly drawValue: number } | undefined => {
  const drawValue = lotteryValue(hmac, setting, userId);
  if (drawValue === null) return undefined;
  // Once the draw is done there is no lobby, whatever a store's clock or memory says.
  const untilMs = isUndrawn(setting) ? (setting.policy.admitsAtMs ?? 0) : 0;
  return { untilMs, drawValue };
};

/** By which draw value a place is ordered; undefined: by the place itself. */
export const drawValueOfPlace = (
  hmac: Hmac,
  setting: DrawSetting,
  place: PlaceMark & { readonly userId: UserId },
): number | undefined =>
  isLobbyPlace(place) ? (lotteryValue(hmac, setting, place.userId) ?? undefined) : undefined;

/** What is published of a draw: the commitment always, the rest once it is done. */
export interface PublishedDraw {
  /** SHA-256 in hex of the seed's bytes. */
  readonly commitment: string;
  readonly done: (DrawRecord & { readonly seed: string }) | null;
}

/** SHA-256 in hex, of bytes in hex. */
export type Sha256OfHex = (hex: string) => string;

/** What everybody may know of the draw now; null in fifo. The seed leaves with the done draw only. */
export const publishedDraw = (sha256: Sha256OfHex, setting: DrawSetting): PublishedDraw | null => {
  if (setting.policy.mode === "fifo") return null;
  const seed = seedOf(setting);
  const done = isUndrawn(setting) ? null : { ...(setting.draw as DrawRecord), seed };
  return { commitment: sha256(seed), done };
};

/** One place of a draw as everybody may see it: whose it is, only its owner can tell. */
export interface DrawnPlace {
  readonly drawValue: number;
  /** SHA-256 in hex of the user's id in lower case. */
  readonly userHash: string;
}
