import type { Failure } from "../../sdk/client.ts";
import { errorText, knownErrorText } from "./error-texts.ts";
import { texts } from "./texts.ts";

export {
  callOperator,
  checkStoredKey,
  forgetKey,
  key,
  may,
  operator,
  tryKey,
} from "../shared/operator-session.ts";

/** The refusals after which the change may have been made: sent again with its key, it is made once. */
export const maybeDone: ReadonlySet<string> = new Set([
  "NO_ANSWER",
  "UNAVAILABLE",
  "INTERNAL",
  "IDEMPOTENCY_IN_PROGRESS",
]);

export interface FieldError {
  readonly pointer: string;
  readonly message: string;
}

/** The errors of a refusal by field. An error without a field has an empty pointer. */
export const errorsOf = (failure: Failure): readonly FieldError[] => {
  if (failure.code === "NO_ANSWER") return [{ pointer: "", message: texts().noAnswer }];
  const { code, problem } = failure as {
    code: string;
    problem: { detail?: string; title: string; errors?: unknown };
  };
  const errors = problem.errors as readonly FieldError[] | undefined;
  if (errors !== undefined && errors.length > 0) return errors;
  const detail = problem.detail ?? problem.title;
  const t = texts();
  const codes: Readonly<Record<string, string>> = t.codes;
  return [
    { pointer: "", message: knownErrorText(detail) ?? codes[code] ?? t.otherCode(code, detail) },
  ];
};

/** All errors of a refusal in one text, in the selected language. */
export const refusalText = (failure: Failure): string =>
  errorsOf(failure)
    .map(({ message }) => errorText(message))
    .join("; ");
