/** An object without members. */
export type Nothing = Readonly<Record<never, never>>;

/** An operation of the API as a value. Its type names the input, the result and the codes of refusals. */
export interface Operation<Input, Value, Code extends string> {
  readonly method: string;
  /** From the root, with `{name}` parameters. */
  readonly path: string;
  /** Present when the operation takes an Idempotency-Key. */
  readonly key?: "optional" | "required";
  /** For the compiler only: input, result and codes of refusals. */
  readonly types?: { readonly input: Input; readonly value: Value; readonly code: Code };
}

/** An operation whose success is a file; see `download`. */
export interface FileOperation<Input, Code extends string> {
  readonly method: string;
  /** From the root, with `{name}` parameters. */
  readonly path: string;
  /** For the compiler only: input and codes of refusals. */
  readonly types?: { readonly input: Input; readonly code: Code };
}
