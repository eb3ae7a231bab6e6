import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { isOfLobby } from "./place.ts";
import type { LinePolicy } from "./policy.ts";

/** HMAC-SHA-256 in hex, of a text under a key of bytes in hex. */
export type Hmac = (keyHex: string, text: string) => string;

/** 13 hex digits are 52 bits: exact in a double, and below every score of order of arrival. */
const drawValueDigits = 13;

/** The draw value of a user: it depends on nothing but the seed and the user's id. 0 to 2^52 - 1. */
export const drawValueOf = (hmac: Hmac, seed: string, userId: UserId): number =>
  Number.parseInt(hmac(seed, userId.toLowerCase()).slice(0, drawValueDigits), 16);

/** What the draw of a line needs to know of its sale. */
export interface DrawSetting {
  readonly policy: Pick<LinePolicy, "mode" | "admitsAtMs">;
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

/** A lottery whose draw is not done: everybody in line waits for it. */
export const isUndrawn = ({ policy, draw }: DrawSetting): boolean =>
  policy.mode === "lottery" && (draw ?? null) === null;

/** The user's draw value in a lottery's line; null in fifo. */
export const lotteryValue = (
  hmac: Hmac,
  { policy, drawSeed }: DrawSetting,
  userId: UserId,
): number | null =>
  policy.mode === "lottery" && drawSeed !== null ? drawValueOf(hmac, drawSeed, userId) : null;

/** By which draw value a place is ordered; null: by the place itself. */
export const drawValueOfPlace = (
  hmac: Hmac,
  setting: DrawSetting,
  place: PlaceMark & { readonly userId: UserId },
): number | null => (isOfLobby(place) ? lotteryValue(hmac, setting, place.userId) : null);

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
  const { policy, drawSeed, draw } = setting;
  if (policy.mode !== "lottery" || drawSeed === null) return null;
  const done = draw === null || draw === undefined ? null : { ...draw, seed: drawSeed };
  return { commitment: sha256(drawSeed), done };
};
