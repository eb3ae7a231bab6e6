/** No members at all. */
export type Nothing = Readonly<Record<never, never>>;

/** An operation of the API as a value: what to send, and in its type what comes back. */
export interface Operation<Input, Value, Code extends string> {
  readonly method: string;
  /** From the root, with `{name}` parameters. */
  readonly path: string;
  /** Whether it takes an Idempotency-Key. */
  readonly key?: "optional" | "required";
  /** Only for the compiler: what goes in, what comes out, and the codes of refusals. */
  readonly types?: { readonly input: Input; readonly value: Value; readonly code: Code };
}
