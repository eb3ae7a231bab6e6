import type { CallOptions, Failure, Result } from "../../sdk/client.ts";
import { listAudit } from "../../sdk/generated/operator.ts";
import type { Operation } from "../../sdk/operation.ts";
import { api } from "../shared/api.ts";
import { tabStorage } from "../shared/storage.ts";
import { signal } from "../shared/signals.ts";
import { errorText, knownErrorText } from "./error-texts.ts";
import { texts } from "./texts.ts";

/** The operator key, stored in this tab only; null before it is given. */
export const key = signal<string | null>(tabStorage.read<string>("operator-key"));

export const forgetKey = (): void => {
  tabStorage.remove("operator-key");
  key.value = null;
};

/** Calls an operator route with the key. Forgets a key that the server refuses. */
export const callOperator = async <Input extends object, Value, Code extends string>(
  operation: Operation<Input, Value, Code>,
  input: Input,
  options: CallOptions = {},
): Promise<Result<Value, Code>> => {
  const result = await api.call(operation, input, { ...options, token: key.peek() ?? "" });
  if (!result.ok && (result.code as string) === "OPERATOR_KEY_INVALID") forgetKey();
  return result;
};

/** Stores the key if the server accepts it. */
export const tryKey = async (given: string): Promise<"open" | "wrong" | "away"> => {
  const result = await api.call(listAudit, { limit: "1" }, { token: given });
  if (!result.ok) return result.code === "OPERATOR_KEY_INVALID" ? "wrong" : "away";
  tabStorage.write("operator-key", given);
  key.value = given;
  return "open";
};

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
