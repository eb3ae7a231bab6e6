import { createHash, createHmac } from "node:crypto";

// The rules of a draw, written a second time from the contract: a check of a server should not run the code
// of that server. This file imports nothing from src, and needs no secret.

/** A line of the published list; `userHash` is the SHA-256 of the user id, in hex. */
export interface DrawnPlace {
  readonly drawValue: number;
  readonly userHash: string | null;
}

/** The data that a server has published about a draw. */
export interface PublishedDraw {
  readonly commitment: string;
  readonly seed: string;
  readonly drawnAt: string;
  readonly entrants: number;
  readonly entrantsDigest: string;
  readonly places: readonly DrawnPlace[];
}

/** The checker's own knowledge. More knowledge allows more checks. */
export interface Knowledge {
  /** The commitment as noted before the draw. */
  readonly commitment?: string;
  /** The user id to check. */
  readonly userId?: string;
  /** The ids of all entrants, which only the promoter has. */
  readonly userIds?: readonly string[];
}

export interface Check {
  /** `open`: the given data cannot decide it. */
  readonly result: "holds" | "fails" | "open";
  readonly message: string;
}

const sha256 = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");

/** The first 13 hex digits of HMAC-SHA-256(seed, user id in lower case), as an integer below 2^52. */
export const drawValueOf = (seed: string, userId: string): number => {
  const mac = createHmac("sha256", Buffer.from(seed, "hex")).update(userId.toLowerCase());
  return Number.parseInt(mac.digest("hex").slice(0, 13), 16);
};

export const userHashOf = (userId: string): string => sha256(userId.toLowerCase());

/** The SHA-256 of the hashes, sorted, one a line. */
export const digestOf = (userHashes: readonly string[]): string =>
  sha256(userHashes.toSorted().join("\n"));

const check = (holds: boolean, message: string, otherwise: string): Check =>
  holds ? { result: "holds", message } : { result: "fails", message: otherwise };

const open = (message: string): Check => ({ result: "open", message });

const checkSeed = ({ commitment, seed }: PublishedDraw, noted: string | undefined): Check[] => [
  check(
    /^[0-9a-f]{64}$/.test(seed) && sha256(Buffer.from(seed, "hex")) === commitment.toLowerCase(),
    "the seed is the one that the published commitment was made of",
    "the seed is NOT the one that the published commitment was made of",
  ),
  noted === undefined
    ? open(
        "whether the commitment was the same before the draw: give the one that you noted, with --commitment",
      )
    : check(
        noted.toLowerCase() === commitment.toLowerCase(),
        "the commitment is the one that was noted before the draw",
        "the commitment is NOT the one that was noted before the draw",
      ),
];

const firstOutOfOrder = (places: readonly DrawnPlace[]): number =>
  places.findIndex(
    ({ drawValue }, index) => index > 0 && drawValue < (places[index - 1]?.drawValue ?? 0),
  );

const checkList = ({ places, entrants }: PublishedDraw): Check[] => {
  const unsorted = firstOutOfOrder(places);
  const invalid = places.findIndex(
    ({ drawValue }) => !Number.isInteger(drawValue) || drawValue < 0 || drawValue >= 2 ** 52,
  );
  return [
    check(
      places.length === entrants,
      `the list has ${entrants} draw values, as many as there were entrants`,
      `the list has ${places.length} draw values, but there were ${entrants} entrants`,
    ),
    check(
      unsorted === -1,
      "the values ascend",
      `the values do NOT ascend: see place ${unsorted + 1}`,
    ),
    check(
      invalid === -1,
      "every value is a whole number below 2^52",
      `the value of place ${invalid + 1} is not a draw value`,
    ),
  ];
};

const checkDigest = ({ places, entrantsDigest }: PublishedDraw): Check[] => {
  const hashes = places.map(({ userHash }) => userHash).filter((hash) => hash !== null);
  if (hashes.length < places.length)
    return [open("whether the list matches the digest of the entrants: it shows no hashes")];
  return [
    check(
      new Set(hashes).size === hashes.length,
      "no user is on the list twice",
      "a user is on the list twice",
    ),
    check(
      digestOf(hashes) === entrantsDigest.toLowerCase(),
      "the digest of the entrants is that of the users on the list",
      "the digest of the entrants is NOT that of the users on the list: a user is missing, or there is one too many",
    ),
  ];
};

/** Returns the place of a user on the list, from 1, or null. */
export const placeOf = (draw: PublishedDraw, userId: string): number | null => {
  const drawValue = drawValueOf(draw.seed, userId);
  const userHash = userHashOf(userId);
  const index = draw.places.findIndex(
    (place) =>
      place.drawValue === drawValue && (place.userHash === null || place.userHash === userHash),
  );
  return index === -1 ? null : index + 1;
};

const checkUser = (draw: PublishedDraw, userId: string | undefined): Check[] => {
  if (userId === undefined)
    return [open("whether your place is right: give your user id, with --user")];
  const place = placeOf(draw, userId);
  const hash = userHashOf(userId);
  const elsewhere = draw.places.findIndex(({ userHash }) => userHash === hash);
  if (place !== null)
    return [
      {
        result: "holds",
        message: `the user ${userId} has the value ${drawValueOf(draw.seed, userId)} and the place ${place} of ${draw.entrants}`,
      },
    ];
  const value = `${drawValueOf(draw.seed, userId)}, which follows from the id,`;
  return [
    elsewhere === -1
      ? {
          result: "fails",
          message: `the user ${userId} is NOT on the list: the value ${value} is not there. Either the user was not in the lobby when it closed, or was left out`,
        }
      : {
          result: "fails",
          message: `the user ${userId} stands at place ${elsewhere + 1} with a value of another user: ${value} is expected`,
        },
  ];
};

const checkAllEntrants = (draw: PublishedDraw, userIds: readonly string[] | undefined): Check[] => {
  if (userIds === undefined)
    return [
      open(
        "whether the value of every other user follows from the id: only that user can tell, or the owner of all ids (--users FILE)",
      ),
    ];
  const expected = userIds
    .map((userId) => ({
      userId: userId.toLowerCase(),
      drawValue: drawValueOf(draw.seed, userId),
    }))
    .sort((a, b) => a.drawValue - b.drawValue || (a.userId < b.userId ? -1 : 1));
  const wrong = expected.findIndex(({ userId, drawValue }, index) => {
    const place = draw.places[index];
    return (
      place?.drawValue !== drawValue ||
      (place.userHash !== null && place.userHash !== userHashOf(userId))
    );
  });
  return [
    check(
      digestOf(userIds.map(userHashOf)) === draw.entrantsDigest.toLowerCase(),
      "the digest of the entrants is that of the ids that you gave",
      "the digest of the entrants is NOT that of the ids that you gave",
    ),
    check(
      wrong === -1 && expected.length === draw.places.length,
      "every user whose id you gave is in the right place, and no other user is there",
      wrong === -1
        ? `the list has ${draw.places.length} places for the ${expected.length} ids that you gave`
        : `place ${wrong + 1} belongs to the user ${expected[wrong]?.userId}, and has another value`,
    ),
  ];
};

/** Runs every check that the published data and the knowledge allow, in the order of the draw. */
export const checkDraw = (draw: PublishedDraw, knowledge: Knowledge): readonly Check[] => [
  ...checkSeed(draw, knowledge.commitment),
  ...checkList(draw),
  ...checkDigest(draw),
  ...checkUser(draw, knowledge.userId),
  ...checkAllEntrants(draw, knowledge.userIds),
];
