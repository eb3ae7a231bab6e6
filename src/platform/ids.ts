import { randomFillSync } from "node:crypto";
import type { Id, MintId } from "#kernel/ids.ts";

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** The clock and the random source of a minter; tests replace them. */
export interface MintSources {
  nowMs(): number;
  fillRandom(bytes: Uint8Array): void;
}

const randomBytesCount = 4096;
const randomBytesPerId = 8;
const counterMax = 0xfff;
/** A new millisecond starts its counter at most here, which leaves room to count up. */
const counterStartMax = 0x3ff;

/**
 * Returns a minter of UUIDv7 (RFC 9562): 48 bits of milliseconds, a 12-bit counter in `rand_a`, 62 random
 * bits.
 *
 * The ids of one minter rise strictly, as text and as bytes, also when the clock stands still or steps back:
 * the counter goes on, and when it is full the time part moves ahead by 1 ms.
 */
export const uuidMinter = (sources: MintSources): MintId => {
  const random = new Uint8Array(randomBytesCount);
  let randomUsed = random.length;
  let lastMs = -1;
  let counter = 0;

  return <Kind extends string>(): Id<Kind> => {
    if (randomUsed + randomBytesPerId > random.length) {
      sources.fillRandom(random);
      randomUsed = 0;
    }
    const at = (index: number): number => random[randomUsed + index] ?? 0;
    const nowMs = sources.nowMs();
    if (nowMs > lastMs) {
      lastMs = nowMs;
      counter = ((at(0) << 8) | at(1)) & counterStartMax;
    } else if (counter < counterMax) {
      counter += 1;
    } else {
      lastMs += 1;
      counter = at(1);
    }
    const time = lastMs.toString(16).padStart(12, "0");
    const low = (0x7000 | counter).toString(16);
    const variant = hex[(at(2) & 0x3f) | 0x80];
    const tail = `${hex[at(3)]}-${hex[at(4)]}${hex[at(5)]}${hex[at(6)]}${hex[at(7)]}`;
    // The tail reuses the counter's two bytes: only the first id of a millisecond has used them.
    const last = `${hex[at(1) ^ at(6)]}${hex[at(0) ^ at(5)]}`;
    randomUsed += randomBytesPerId;
    return `${time.slice(0, 8)}-${time.slice(8)}-${low}-${variant}${tail}${last}` as Id<Kind>;
  };
};

/** Mints the ids of this process: unique everywhere, strictly rising in this process. */
export const mintId: MintId = uuidMinter({ nowMs: () => Date.now(), fillRandom: randomFillSync });
