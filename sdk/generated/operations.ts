// Made by `node scripts/sdk.ts` from the OpenAPI document; a test holds the two together.
import type { Nothing, Operation } from "../operation.ts";

/** What the type of a problem means */
export const explainProblem: Operation<
  {
    /** The code in lower case, with `-` for `_` */
    readonly name: string;
  },
  {
    /** The problem's `type` */
    readonly type: string;
    /** Its stable code */
    readonly code: string;
    /** The HTTP status that it comes with */
    readonly status: number;
    /** What it means */
    readonly title: string;
  },
  "NOT_FOUND"
> = { method: "GET", path: "/problems/{name}" };

/** This document */
export const readDocument: Operation<Nothing, Readonly<Record<string, unknown>>, never> = {
  method: "GET",
  path: "/openapi.json",
};

/** Whether this process lives */
export const readHealth: Operation<
  Nothing,
  {
    /** ok */
    readonly status: string;
  },
  never
> = { method: "GET", path: "/healthz" };

/** Whether this instance can serve */
export const readReadiness: Operation<
  Nothing,
  {
    /** true */
    readonly ready: boolean;
    /** How each store is, in a word */
    readonly checks: Readonly<Record<string, unknown>>;
  },
  "UNAVAILABLE"
> = { method: "GET", path: "/readyz" };
