import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { isBeforeDraw, type DrawRecord, type PublishedDraw } from "../../admission/domain/draw.ts";
import { isLobbyPlace } from "../../admission/domain/place.ts";
import type { QueuePolicy } from "../../admission/domain/policy.ts";

/** Returns the HMAC-SHA-256 of a text, in hex. The key is bytes in hex. */
export type Hmac = (keyHex: string, text: string) => string;

/** Returns the SHA-256, in hex, of bytes in hex. */
export type Sha256OfHex = (hex: string) => string;

/** 13 hex digits are 52 bits: exact in a double, and lower than the score of every place outside the lobby. */
const drawValueDigits = 13;

/** Returns the draw value of a user, 0 to 2^52 - 1. It depends only on the seed and the user id. */
export const drawValueOf = (hmac: Hmac, seed: string, userId: UserId): number =>
  Number.parseInt(hmac(seed, userId.toLowerCase()).slice(0, drawValueDigits), 16);

/** The part of a sale that decides its draw. */
export interface DrawSetting {
  readonly policy: Pick<QueuePolicy, "mode" | "admitsAtMs">;
  /** 32 bytes in hex for a lottery. */
  readonly drawSeed: string | null;
  readonly draw?: DrawRecord | null | undefined;
}

const seedOf = ({ drawSeed }: DrawSetting): string => {
  if (drawSeed === null) throw new Error("a lottery has no seed");
  return drawSeed;
};

/**
 * Returns the draw value of a user in a lottery, or null in fifo, with or without a seed.
 *
 * Throws an Error when a lottery has no seed.
 */
export const lotteryValue = (hmac: Hmac, setting: DrawSetting, userId: UserId): number | null => {
  switch (setting.policy.mode) {
    case "fifo":
      return null;
    case "lottery":
      return drawValueOf(hmac, seedOf(setting), userId);
  }
};

/**
 * Returns the terms under which a user joins a lottery, or undefined in fifo.
 *
 * Throws an Error when a lottery has no seed.
 */
export const lobbyTerms = (
  hmac: Hmac,
  setting: DrawSetting,
  userId: UserId,
): { readonly untilMs: InstantMs; readonly drawValue: number } | undefined => {
  const drawValue = lotteryValue(hmac, setting, userId);
  if (drawValue === null) return undefined;
  // After the draw there is no lobby, even if the clock of the store is late.
  const untilMs = isBeforeDraw(setting) ? (setting.policy.admitsAtMs ?? 0) : 0;
  return { untilMs, drawValue };
};

/** Returns the draw value that orders a place, or undefined if its own epoch and seq order it. */
export const drawValueOfPlace = (
  hmac: Hmac,
  setting: DrawSetting,
  place: PlaceMark & { readonly userId: UserId },
): number | undefined =>
  isLobbyPlace(place) ? (lotteryValue(hmac, setting, place.userId) ?? undefined) : undefined;

/**
 * Returns the public part of a lottery's draw, or null in fifo. The seed is part of it only after the draw.
 *
 * Throws an Error when a lottery has no seed.
 */
export const publishedDraw = (sha256: Sha256OfHex, setting: DrawSetting): PublishedDraw | null => {
  if (setting.policy.mode === "fifo") return null;
  const seed = seedOf(setting);
  const done = isBeforeDraw(setting) ? null : { ...(setting.draw as DrawRecord), seed };
  return { commitment: sha256(seed), done };
};

/** One published place of a draw. Only a caller who knows the user id can recognise the user. */
export interface DrawnPlace {
  readonly drawValue: number;
  /** SHA-256 in hex of the user id in lower case. */
  readonly userHash: string;
}
