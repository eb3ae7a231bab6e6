import type { CallOptions, Result } from "../../sdk/client.ts";
import { readOperator } from "../../sdk/generated/operator.ts";
import type { Operation } from "../../sdk/operation.ts";
import type { Operator } from "../../sdk/generated/schemas.ts";
import { api } from "./api.ts";
import { tabStorage } from "./storage.ts";
import { signal } from "./signals.ts";

/** The operator key, stored in this tab only; null before it is given. */
export const key = signal<string | null>(tabStorage.read<string>("operator-key"));
/** The operator who has the key; null until the server has said it. */
export const operator = signal<Operator | null>(tabStorage.read<Operator>("operator"));

export const forgetKey = (): void => {
  tabStorage.remove("operator-key");
  tabStorage.remove("operator");
  key.value = null;
  operator.value = null;
};

/** Whether the role of the key allows this. The server decides; the page shows nothing that it refuses. */
export const may = (permission: Operator["permissions"][number]): boolean =>
  operator.value?.permissions.includes(permission) ?? false;

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

const remember = (found: Operator): void => {
  tabStorage.write("operator", found);
  operator.value = found;
};

/** Stores a key that the server has accepted. */
export const acceptKey = (given: string, found: Operator): void => {
  tabStorage.write("operator-key", given);
  remember(found);
  key.value = given;
};

/** Stores the key if the server accepts it. */
export const tryKey = async (given: string): Promise<"open" | "wrong" | "away"> => {
  const result = await api.call(readOperator, {}, { token: given });
  if (!result.ok) return result.code === "OPERATOR_KEY_INVALID" ? "wrong" : "away";
  acceptKey(given, result.value);
  return "open";
};

/** Reads the role of the stored key again: it may have changed since the page was open. */
export const checkStoredKey = async (): Promise<void> => {
  const stored = key.peek();
  if (stored === null) return;
  const result = await callOperator(readOperator, {});
  if (result.ok && key.peek() === stored) remember(result.value);
};
