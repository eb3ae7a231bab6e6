import type { FastifyReply, FastifyRequest } from "fastify";
import { sendNotFoundPage, type Pages } from "./pages.ts";
import { pathOf } from "./target.ts";
import type { ServedPath } from "./unrouted.ts";

const segmentsOf = (path: string): readonly string[] =>
  path.split("/").filter((segment) => segment !== "");

/** Whether the client asks for HTML, as browsers do for an address: not by `*`, as scripts and tools ask. */
export const wantsHtml = (accept: string | undefined): boolean =>
  (accept ?? "").split(",").some((part) => {
    const [type = "", ...parameters] = part
      .toLowerCase()
      .split(";")
      .map((text) => text.trim());
    return type === "text/html" && !parameters.some((text) => /^q=0(?:\.0*)?$/.test(text));
  });

const isParameter = (segment: string): boolean => segment.startsWith("{");

/** The address of a page with the parameters of a path that spells it otherwise; null for another path. */
const matched = (pattern: string, segments: readonly string[]): string | null => {
  const parts = segmentsOf(pattern);
  if (parts.length !== segments.length) return null;
  const own = parts.map((part, n) => {
    const given = segments[n] ?? "";
    return isParameter(part) ? given : part === given.toLowerCase() ? part : null;
  });
  return own.includes(null) ? null : `/${own.join("/")}`;
};

/**
 * Finds the address of the page that a path means: with slashes too many, in other letters, or by another name.
 * Null when it means none.
 */
export const pageAddressOf = (
  { paths, otherNames }: Pick<Pages, "paths" | "otherNames">,
  path: string,
): string | null => {
  const segments = segmentsOf(path);
  for (const [name, address] of Object.entries(otherNames))
    if (matched(name, segments) !== null) return address;
  for (const { path: pattern } of paths) {
    const address = matched(pattern, segments);
    if (address !== null) return address;
  }
  return null;
};

/**
 * Returns a function that answers a browser at an address without a route: a redirect to the page that the address
 * means, or else a page that says that there is none, with 404. It answers nothing, and returns false, to other
 * clients and below the first segments of the API's paths, which are strict.
 */
export const pagesForBrowsers = (pages: Pages, served: readonly ServedPath[]) => {
  const strict = new Set(served.map(({ path }) => segmentsOf(path)[0]));
  return (request: FastifyRequest, reply: FastifyReply): boolean => {
    const { url = "", headers } = request.raw;
    const isReading = request.method === "GET" || request.method === "HEAD";
    if (!isReading || !url.startsWith("/") || !wantsHtml(headers.accept)) return false;
    const path = pathOf(url);
    const [first = ""] = segmentsOf(path);
    if (strict.has(first.toLowerCase())) return false;
    const address = pageAddressOf(pages, path);
    reply.header("vary", "Accept");
    if (address === null || address === path) return sendNotFoundPage(request, reply, pages, first);
    const query = url.slice(path.length);
    void reply.header("cache-control", "no-cache").redirect(address + query, 308);
    return true;
  };
};
