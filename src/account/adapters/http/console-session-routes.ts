import { consoleCookie } from "#platform/http/console-cookie.ts";
import { route, type Route } from "#platform/http/route.ts";
import { consoleSessionSeconds } from "../../domain/console-session.ts";

const path = "/admin/v1/session";
const tag = "Operator";

/** The routes of the console's session. */
export const consoleSessionRoutes = (options: {
  /** Returns the token of a new session. */
  readonly openSession: (actor: string) => string;
  /** Whether browsers reach the installation by HTTPS. */
  readonly isSecure: boolean;
}): readonly Route[] => [
  route({
    method: "POST",
    path,
    operationId: "openConsoleSession",
    tag,
    summary: "Open a session of the console",
    description:
      "Sets an HttpOnly, SameSite=Strict cookie for an hour. It opens pages that a browser opens by address, such as `/docs` in production, and no call of the API.",
    auth: "operator",
    permission: "read",
    answers: { 204: null },
    problems: [],
    handle: ({ caller: { actor } }) => {
      const cookie = consoleCookie(
        options.openSession(actor),
        consoleSessionSeconds,
        options.isSecure,
      );
      return { status: 204, headers: { "Set-Cookie": cookie } };
    },
  }),
  route({
    method: "DELETE",
    path,
    operationId: "closeConsoleSession",
    tag,
    summary: "Close the session of the console",
    description: "Removes the cookie from this browser.",
    auth: "operator",
    permission: "own",
    answers: { 204: null },
    problems: [],
    handle: () => ({
      status: 204,
      headers: { "Set-Cookie": consoleCookie("", 0, options.isSecure) },
    }),
  }),
];
