import type { FastifyError, FastifyReply } from "fastify";
import { Unavailable } from "#kernel/unavailable.ts";
import { problems, type ProblemCode } from "./problems.ts";
import type { Problem } from "./route.ts";

/** One fault of a request's shape. `pointer`: into the body, or `/params/…`, `/query/…`, `/headers/…`. */
export interface Fault {
  readonly pointer: string;
  readonly message: string;
}

const faultsMax = 20;
const instanceCharsMax = 500;

/** Returns INVALID_REQUEST with at most 20 of the faults; `detail` names the first. */
export const malformedRequest = (faults: readonly Fault[]): Problem => {
  const [first] = faults;
  const detail =
    first === undefined
      ? "The request is malformed."
      : `${first.pointer === "" ? "The body" : first.pointer} ${first.message}.`;
  return { problem: "INVALID_REQUEST", detail, members: { errors: faults.slice(0, faultsMax) } };
};

const problemTypes = Object.fromEntries(
  Object.keys(problems).map((code) => [
    code,
    `/problems/${code.toLowerCase().replaceAll("_", "-")}`,
  ]),
);

/** Returns the path that explains a code: `/problems/seat-unavailable`. */
export const problemType = (code: ProblemCode): string => problemTypes[code] ?? "";

/** Returns the body of RFC 9457. The members of the problem never replace the standard ones. */
export const problemBody = (
  { problem: code, detail, members }: Problem,
  url: string,
): Record<string, unknown> => {
  const { status, title } = problems[code];
  const standard = {
    type: problemType(code),
    title,
    status,
    detail: detail ?? `${title}.`,
    instance: url.slice(0, instanceCharsMax),
    code,
  };
  return { ...standard, ...members, ...standard };
};

const challenges: Partial<Record<ProblemCode, string>> = {
  ACCESS_TOKEN_INVALID: 'Bearer realm="access"',
  QUEUE_TOKEN_INVALID: 'Bearer realm="queue"',
  QUEUE_TOKEN_ENDED: 'Bearer realm="queue"',
  // RFC 9110 wants a challenge with each 401; a credential in a body has no scheme of its own.
  CREDENTIAL_INVALID: 'Bearer realm="access"',
  OPERATOR_KEY_INVALID: 'Bearer realm="operator"',
};

/** Sends a problem with its status and headers; no cache may store it. */
export const sendProblem = (
  reply: FastifyReply,
  problem: Problem,
  retryAfterSeconds?: number,
): void => {
  const { status } = problems[problem.problem];
  reply.code(status);
  reply.header("content-type", "application/problem+json");
  reply.header("cache-control", "no-store");
  const challenge = challenges[problem.problem];
  if (challenge !== undefined) reply.header("www-authenticate", challenge);
  if (status === 503 || status === 429)
    reply.header("retry-after", retryAfterSeconds ?? problem.retryAfterSeconds ?? 1);
  const text = JSON.stringify(problemBody(problem, reply.request.raw.url ?? ""));
  // Fastify would add a charset to text, which `application/problem+json` does not have.
  reply.send(Buffer.from(text));
};

interface AjvFault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

const prefixes: Readonly<Record<string, string>> = {
  body: "",
  params: "/params",
  querystring: "/query",
  headers: "/headers",
};

const escapePointer = (name: string): string =>
  name.slice(0, 100).replaceAll("~", "~0").replaceAll("/", "~1");

const toFault = (fault: AjvFault, prefix: string): Fault => {
  const at = prefix + fault.instancePath;
  const { missingProperty, additionalProperty } = fault.params ?? {};
  if (fault.keyword === "required") {
    return { pointer: `${at}/${escapePointer(String(missingProperty))}`, message: "is required" };
  }
  if (fault.keyword === "additionalProperties") {
    const pointer = `${at}/${escapePointer(String(additionalProperty))}`;
    return { pointer, message: "is not known" };
  }
  return { pointer: at, message: fault.message ?? "is malformed" };
};

/** Lists the validator's faults in one part of a request, without a pattern where its format failed too. */
export const faultsOf = (found: readonly AjvFault[], part: string | undefined): Fault[] => {
  const prefix = prefixes[part ?? "body"] ?? "";
  const formats = new Set(
    found.filter(({ keyword }) => keyword === "format").map(({ instancePath }) => instancePath),
  );
  return found
    .filter(({ keyword, instancePath }) => keyword !== "pattern" || !formats.has(instancePath))
    .map((fault) => toFault(fault, prefix));
};

/** Whether the error of a request is that its body is longer than its route takes. */
export const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "FST_ERR_CTP_BODY_TOO_LARGE";

type Judged = { readonly problem: Problem; readonly retryAfterSeconds?: number | undefined };

const ofFastify = (error: FastifyError): Judged | null => {
  if (error.validation !== undefined) {
    return { problem: malformedRequest(faultsOf(error.validation, error.validationContext)) };
  }
  if (isTooLarge(error)) {
    return { problem: { problem: "PAYLOAD_TOO_LARGE" } };
  }
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    return { problem: { problem: "UNSUPPORTED_MEDIA_TYPE" } };
  }
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 500 ? { problem: { problem: "INVALID_REQUEST" } } : null;
};

/** Returns the problem that answers a thrown error. INTERNAL reveals nothing of the error. */
export const judgeThrown = (error: unknown): Judged => {
  if (error instanceof Unavailable) {
    const detail =
      "A store is unreachable or too slow. Retry, with the same Idempotency-Key if the request had one.";
    return {
      problem: { problem: "UNAVAILABLE", detail },
      retryAfterSeconds: error.retryAfterSeconds,
    };
  }
  const ours = error instanceof Error ? ofFastify(error as FastifyError) : null;
  return ours ?? { problem: { problem: "INTERNAL" } };
};
