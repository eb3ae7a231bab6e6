import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { isBeforeDraw, type DrawRecord, type PublishedDraw } from "../../admission/domain/draw.ts";
import { isLobbyPlace } from "../../admission/domain/place.ts";
import type { QueuePolicy } from "../../admission/domain/policy.ts";

/** HMAC-SHA-256 in hex of a text, under a key of bytes in hex. */
export type Hmac = (keyHex: string, text: string) => string;

/** SHA-256 in hex of bytes in hex. */
export type Sha256OfHex = (hex: string) => string;

/** 13 hex digits are 52 bits: exact in a double, and below the score of every place by order of arrival. */
const drawValueDigits = 13;

/** The draw value of a user, 0 to 2^52 - 1. It depends on the seed and the user id alone. */
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

/** The draw value of a user in a lottery; null in fifo, with or without a seed. */
export const lotteryValue = (hmac: Hmac, setting: DrawSetting, userId: UserId): number | null =>
  setting.policy.mode === "fifo" ? null : drawValueOf(hmac, seedOf(setting), userId);

/** The terms under which a user joins a lottery; undefined in fifo. */
export const lobbyTerms = (
  hmac: Hmac,
  setting: DrawSetting,
  userId: UserId,
): { readonly untilMs: InstantMs; readonly drawValue: number } | undefined => {
  const drawValue = lotteryValue(hmac, setting, userId);
  if (drawValue === null) return undefined;
  // After the draw there is no lobby, even where the clock of a store is late.
  const untilMs = isBeforeDraw(setting) ? (setting.policy.admitsAtMs ?? 0) : 0;
  return { untilMs, drawValue };
};

/** The draw value that orders a place; undefined: the place has no draw value and is ordered by itself. */
export const drawValueOfPlace = (
  hmac: Hmac,
  setting: DrawSetting,
  place: PlaceMark & { readonly userId: UserId },
): number | undefined =>
  isLobbyPlace(place) ? (lotteryValue(hmac, setting, place.userId) ?? undefined) : undefined;

/** The public part of a lottery's draw; null in fifo. The seed is part of it only after the draw. */
export const publishedDraw = (sha256: Sha256OfHex, setting: DrawSetting): PublishedDraw | null => {
  if (setting.policy.mode === "fifo") return null;
  const seed = seedOf(setting);
  const done = isBeforeDraw(setting) ? null : { ...(setting.draw as DrawRecord), seed };
  return { commitment: sha256(seed), done };
};

/** One place of a draw as it is published. Only its user can tell whose it is. */
export interface DrawnPlace {
  readonly drawValue: number;
  /** SHA-256 in hex of the user id in lower case. */
  readonly userHash: string;
}
