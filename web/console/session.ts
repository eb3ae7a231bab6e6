import type { CallOptions, Failure, Result } from "../../sdk/client.ts";
import { listAudit } from "../../sdk/generated/operator.ts";
import type { Operation } from "../../sdk/operation.ts";
import { api } from "../shared/api.ts";
import { tabKeep } from "../shared/keep.ts";
import { signal } from "../shared/signals.ts";
import { faultText, knownFault } from "./fault-words.ts";
import { words } from "./words.ts";

/** The operator's key, in this tab only; null before it was given. */
export const key = signal<string | null>(tabKeep.read<string>("operator-key"));

export const forgetKey = (): void => {
  tabKeep.drop("operator-key");
  key.value = null;
};

/** Calls an operator's route with the key; a key that the server does not know is forgotten. */
export const ask = async <Input extends object, Value, Code extends string>(
  operation: Operation<Input, Value, Code>,
  input: Input,
  options: CallOptions = {},
): Promise<Result<Value, Code>> => {
  const result = await api.call(operation, input, { ...options, token: key.peek() ?? "" });
  if (!result.ok && (result.code as string) === "OPERATOR_KEY_INVALID") forgetKey();
  return result;
};

/** Keeps the key when the server knows it. */
export const tryKey = async (given: string): Promise<"open" | "wrong" | "away"> => {
  const result = await api.call(listAudit, { limit: "1" }, { token: given });
  if (!result.ok) return result.code === "OPERATOR_KEY_INVALID" ? "wrong" : "away";
  tabKeep.write("operator-key", given);
  key.value = given;
  return "open";
};

export interface FieldFault {
  readonly pointer: string;
  readonly message: string;
}

/** What a refusal says of each field; with no field, of the whole. */
export const faultsOf = (failure: Failure): readonly FieldFault[] => {
  if (failure.code === "NO_ANSWER") return [{ pointer: "", message: words().away }];
  const { code, problem } = failure as {
    code: string;
    problem: { detail?: string; title: string; errors?: unknown };
  };
  const errors = problem.errors as readonly FieldFault[] | undefined;
  if (errors !== undefined && errors.length > 0) return errors;
  const said = problem.detail ?? problem.title;
  const w = words();
  const codes: Readonly<Record<string, string>> = w.codes;
  return [{ pointer: "", message: knownFault(said) ?? codes[code] ?? w.otherCode(code, said) }];
};

/** The same in one line, in the language that is chosen when it is drawn. */
export const refusalText = (failure: Failure): string =>
  faultsOf(failure)
    .map(({ message }) => faultText(message))
    .join("; ");
