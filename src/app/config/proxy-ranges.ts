import { groupsOf } from "#platform/http/client-address.ts";

/** The addresses from `first` to below `end`, as 128-bit numbers. An IPv4 address is one of `::ffff:0:0/96`. */
interface AddressRange {
  readonly first: bigint;
  readonly end: bigint;
}

const rangeOf = (text: string): AddressRange => {
  const [address = "", bits = "128"] = text.split("/");
  const isIpv4 = !address.includes(":");
  const value = groupsOf(isIpv4 ? `::ffff:${address}` : address).reduce(
    (sum, group) => sum * 65_536n + BigInt(group),
    0n,
  );
  const fixedBits = isIpv4 && text.includes("/") ? 96 + Number(bits) : Number(bits);
  const size = 2n ** BigInt(128 - fixedBits);
  const first = value - (value % size);
  return { first, end: first + size };
};

/** All addresses of IPv4, the public ones of IPv6 (RFC 4291), and all of both. */
const spaces = ["0.0.0.0/0", "2000::/3", "::/0"].map(rangeOf);

const countIn = (space: AddressRange, sorted: readonly AddressRange[]): bigint => {
  let count = 0n;
  let at = space.first;
  for (const { first, end } of sorted) {
    const from = first > at ? first : at;
    const to = end < space.end ? end : space.end;
    if (to <= from) continue;
    count += to - from;
    at = to;
  }
  return count;
};

/** Whether the ranges have together a quarter of a space or more: then they do not describe proxies. */
export const areTooWide = (ranges: readonly string[]): boolean => {
  const sorted = ranges.map(rangeOf).toSorted((a, b) => (a.first < b.first ? -1 : 1));
  return spaces.some((space) => 4n * countIn(space, sorted) >= space.end - space.first);
};
