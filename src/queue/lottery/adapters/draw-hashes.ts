import { createHash, createHmac } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { DrawHashes } from "../ports/draw-hashes.ts";

const hashBytes = 32;
/** One bucket for each value of a hash's first two bytes. SHA-256 spreads evenly, so each bucket is small. */
const bucketsCount = 65_536;
/** Sorting and hashing 1,000 hashes takes about 1 to 2 ms; then other work gets a turn. */
const hashesAtOnce = 1_000;

const hashesOf = function* (page: Uint8Array): Generator<Buffer> {
  const bytes = Buffer.from(page.buffer, page.byteOffset, page.byteLength);
  for (let at = 0; at < bytes.length; at += hashBytes) yield bytes.subarray(at, at + hashBytes);
};

/** Groups the hashes by bucket, in ascending order. Returns them with the index at which each bucket begins. */
const groupByBucket = async (pages: readonly Uint8Array[], count: number) => {
  const starts = new Uint32Array(bucketsCount + 1);
  for (const page of pages) {
    for (const hash of hashesOf(page)) {
      const bucket = hash.readUInt16BE(0);
      starts[bucket + 1] = (starts[bucket + 1] ?? 0) + 1;
    }
    await setImmediate();
  }
  for (let bucket = 0; bucket < bucketsCount; bucket += 1) {
    starts[bucket + 1] = (starts[bucket + 1] ?? 0) + (starts[bucket] ?? 0);
  }
  const ends = starts.slice();
  const sorted = Buffer.alloc(count * hashBytes);
  for (const page of pages) {
    for (const hash of hashesOf(page)) {
      const bucket = hash.readUInt16BE(0);
      const at = ends[bucket] ?? 0;
      ends[bucket] = at + 1;
      hash.copy(sorted, at * hashBytes);
    }
    await setImmediate();
  }
  return { starts, sorted };
};

const digest = async (pages: readonly Uint8Array[]): Promise<string> => {
  const count = pages.reduce((sum, { length }) => sum + length / hashBytes, 0);
  const { starts, sorted } = await groupByBucket(pages, count);
  const sum = createHash("sha256");
  let sinceBreak = 0;
  for (let bucket = 0; bucket < bucketsCount; bucket += 1) {
    const from = starts[bucket] ?? 0;
    const until = starts[bucket + 1] ?? 0;
    if (from === until) continue;
    const hashes = [...hashesOf(sorted.subarray(from * hashBytes, until * hashBytes))];
    const lines = hashes.map((hash) => hash.toString("hex")).sort();
    sum.update((from === 0 ? "" : "\n") + lines.join("\n"));
    sinceBreak += lines.length;
    if (sinceBreak < hashesAtOnce) continue;
    sinceBreak = 0;
    await setImmediate();
  }
  return sum.digest("hex");
};

/** Hashes with Node's own cryptography. Cost: `digest` takes about 2 s for a million hashes, in short turns. */
export const drawHashes: DrawHashes = {
  hmac: (keyHex, text) =>
    createHmac("sha256", Buffer.from(keyHex, "hex")).update(text).digest("hex"),
  sha256: (hex) => createHash("sha256").update(Buffer.from(hex, "hex")).digest("hex"),
  hashUsers: (userIds) =>
    Buffer.concat(
      userIds.map((userId) => createHash("sha256").update(userId.toLowerCase()).digest()),
    ),
  digest,
};
