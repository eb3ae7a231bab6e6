// The rules of a draw, as the contract tells them: the browser computes for itself what the server says.

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

/** The published list: a line a place. */
export const readList = (text: string): DrawnPlace[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [drawValue = "", userHash = ""] = line.split(" ");
      return { drawValue: Number(drawValue), userHash };
    });

/** The SHA-256 of the hashes, sorted, one a line. */
export const digestOf = (places: readonly DrawnPlace[]): Promise<string> =>
  sha256(
    utf8(
      places
        .map(({ userHash }) => userHash)
        .sort()
        .join("\n"),
    ),
  );

export const ascends = (places: readonly DrawnPlace[]): boolean =>
  places.every(({ drawValue }, n) => n === 0 || drawValue >= (places[n - 1]?.drawValue ?? 0));

/** What was found: each check and whether it holds; the person's own place counts from 1. */
export interface Verdict {
  readonly seed: boolean;
  /** Null: this browser had not seen the fingerprint before the draw. */
  readonly noted: boolean | null;
  /** Null: the list was too long to load here. */
  readonly list: boolean | null;
  readonly own: { readonly value: number; readonly place: number | null } | null;
}

export interface Published {
  readonly commitment: string;
  readonly seed: string;
  readonly entrants: number;
  readonly entrantsDigest: string;
}

/** Computes a draw again from what was published, for this person where there is one. */
export const checkDraw = async (
  draw: Published,
  places: readonly DrawnPlace[] | null,
  known: { readonly userId: string | null; readonly noted: string | null },
): Promise<Verdict> => {
  const { userId, noted } = known;
  const value = userId === null ? null : await drawValueOf(draw.seed, userId);
  const hash = userId === null ? null : await userHashOf(userId);
  const at = places?.findIndex((one) => one.userHash === hash && one.drawValue === value) ?? -1;
  return {
    seed: (await commitmentOf(draw.seed)) === draw.commitment,
    noted: noted === null ? null : noted === draw.commitment,
    list:
      places === null
        ? null
        : places.length === draw.entrants &&
          ascends(places) &&
          (await digestOf(places)) === draw.entrantsDigest,
    own: value === null ? null : { value, place: at < 0 ? null : at + 1 },
  };
};
