// The rules of a draw, as the HTTP contract defines them. The browser computes what the server claims.

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** SHA-256 in hex. */
const sha256 = async (content: Uint8Array<ArrayBuffer>): Promise<string> =>
  hex(await crypto.subtle.digest("SHA-256", content));

/** The first 13 hex digits of HMAC-SHA-256(seed, user id in lower case), as an integer below 2^52. */
export const drawValueOf = async (seed: string, userId: string): Promise<number> => {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytesOf(seed), algorithm, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, utf8(userId.toLowerCase()));
  return Number.parseInt(hex(mac).slice(0, 13), 16);
};

export const commitmentOf = (seed: string): Promise<string> => sha256(bytesOf(seed));
export const userHashOf = (userId: string): Promise<string> => sha256(utf8(userId.toLowerCase()));

export interface DrawnPlace {
  readonly drawValue: number;
  readonly userHash: string;
}

/** Parses the published list, which has one place in each line. */
export const parseDrawList = (text: string): DrawnPlace[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [drawValue = "", userHash = ""] = line.split(" ");
      return { drawValue: Number(drawValue), userHash };
    });

/** SHA-256 of the sorted hashes, one in each line. */
export const digestOf = (places: readonly DrawnPlace[]): Promise<string> =>
  sha256(
    utf8(
      places
        .map(({ userHash }) => userHash)
        .sort()
        .join("\n"),
    ),
  );

export const isAscending = (places: readonly DrawnPlace[]): boolean =>
  places.every(({ drawValue }, n) => n === 0 || drawValue >= (places[n - 1]?.drawValue ?? 0));

/** Result of each check: whether it holds. The user's own place counts from 1. */
export interface DrawCheck {
  readonly seed: boolean;
  /** Null: this browser did not see the commitment before the draw. */
  readonly knownCommitment: boolean | null;
  /** Null: the list is too long for a browser. */
  readonly list: boolean | null;
  readonly own: { readonly value: number; readonly place: number | null } | null;
}

export interface PublishedDraw {
  readonly commitment: string;
  readonly seed: string;
  readonly entrants: number;
  readonly entrantsDigest: string;
}

/** Computes a draw again from the published values, and the user's own place where a user is signed in. */
export const checkDraw = async (
  draw: PublishedDraw,
  places: readonly DrawnPlace[] | null,
  known: { readonly userId: string | null; readonly knownCommitment: string | null },
): Promise<DrawCheck> => {
  const { userId, knownCommitment } = known;
  const value = userId === null ? null : await drawValueOf(draw.seed, userId);
  const hash = userId === null ? null : await userHashOf(userId);
  const at = places?.findIndex((one) => one.userHash === hash && one.drawValue === value) ?? -1;
  return {
    seed: (await commitmentOf(draw.seed)) === draw.commitment,
    knownCommitment: knownCommitment === null ? null : knownCommitment === draw.commitment,
    list:
      places === null
        ? null
        : places.length === draw.entrants &&
          isAscending(places) &&
          (await digestOf(places)) === draw.entrantsDigest,
    own: value === null ? null : { value, place: at < 0 ? null : at + 1 },
  };
};
