import { BlockList, isIP } from "node:net";

/** Returns the eight 16-bit groups of an IPv6 address. The address must be valid. */
export const groupsOf = (address: string): number[] => {
  const hex = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [head = "", tail] = hex.split("::");
  const numbers = (text: string): number[] =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  const [first, last] = [numbers(head), numbers(tail ?? "")];
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last];
};

/**
 * Returns the address that a peer or a proxy reports as `1.2.3.4`, `1.2.3.4:567`, `[2001:db8::1]:567`,
 * `fe80::1%eth0` or `::ffff:1.2.3.4` (IPv4 over IPv6): without port and zone. Null for other texts.
 */
export const plainAddress = (reported: string): string | null => {
  const text = reported.trim();
  const bare =
    /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.replace(/%.*$/, "");
  const version = isIP(address);
  if (version === 4) return address;
  if (version === 0) return null;
  const groups = groupsOf(address);
  const isMapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  if (!isMapped) return address;
  const [high = 0, low = 0] = groups.slice(6);
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
};

/**
 * Returns the name under which requests of a client are counted: the IPv4 address, or the /64 network
 * of an IPv6 address, because one subscriber has all addresses of it. Null for a text that is no address.
 */
export const countedAddress = (reported: string): string | null => {
  const address = plainAddress(reported);
  if (address === null || isIP(address) === 4) return address;
  const network = groupsOf(address).slice(0, 4);
  return `${network.map((group) => group.toString(16)).join(":")}::/64`;
};

/** Returns the check whether an address in `X-Forwarded-For`, or a peer, is one of the proxies. */
export const proxyCheck = (ranges: readonly string[]): ((reported: string) => boolean) => {
  const proxies = new BlockList();
  const versionOf = (address: string) => (isIP(address) === 4 ? "ipv4" : "ipv6");
  for (const range of ranges) {
    const [address = "", bits] = range.split("/");
    if (bits === undefined) proxies.addAddress(address, versionOf(address));
    else proxies.addSubnet(address, Number(bits), versionOf(address));
  }
  return (reported) => {
    const address = plainAddress(reported);
    return address !== null && proxies.check(address, versionOf(address));
  };
};

/**
 * Returns a function that finds the client of a request as Fastify does: the nearest address, from the peer back through
 * `X-Forwarded-For`, that is no trusted proxy; the farthest one when all are.
 */
export const clientBehind = (
  trusted: boolean | readonly string[],
): ((peer: string | undefined, forwardedFor: string | undefined) => string) => {
  if (trusted === false) return (peer = "") => peer;
  const isTrusted = trusted === true ? () => true : proxyCheck(trusted);
  return (peer = "", forwardedFor = "") => {
    const reported = forwardedFor.split(",").map((text) => text.trim());
    const addresses = [peer, ...reported.filter((text) => text !== "").toReversed()];
    return addresses.find((address) => !isTrusted(address)) ?? addresses.at(-1) ?? peer;
  };
};
