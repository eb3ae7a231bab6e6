import type { Fault } from "./refusal.ts";

const plainPath = /^[a-z0-9/.-]*$/;
const plainValue = /^[\w.~-]+$/;

/**
 * Returns the faults of the address of a cacheable answer; none when it has its one spelling. A cache in
 * front keeps an answer under the text of its address, so each further spelling of the same address would
 * pass the cache by and reach the server.
 */
export const spellingFaults = (target: string, queryNames: ReadonlySet<string>): Fault[] => {
  const address = target.replace(/^https?:\/\/[^/]*/i, "");
  const queryAt = address.indexOf("?");
  const path = queryAt < 0 ? address : address.slice(0, queryAt);
  const faults: Fault[] = [];
  if (!plainPath.test(path)) {
    faults.push({ pointer: "/params", message: "must be in lower case and not percent-encoded" });
  }
  if (queryAt < 0) return faults;
  const seen = new Set<string>();
  for (const part of address.slice(queryAt + 1).split("&")) {
    const [name = "", value = ""] = part.split("=", 2);
    const pointer = `/query/${name}`;
    if (!queryNames.has(name)) faults.push({ pointer, message: "is not a parameter of this path" });
    else if (seen.has(name)) faults.push({ pointer, message: "must occur once" });
    else if (!plainValue.test(value) || part !== `${name}=${value}`) {
      faults.push({ pointer, message: "must be a plain value that is not percent-encoded" });
    }
    seen.add(name);
  }
  return faults;
};
