/** The identity of an idempotent request: its key, and a digest of its method, path and body. */
export interface Intent {
  /** 1 to 255 printable characters, unquoted. */
  readonly key: string;
  /** SHA-256 in hex of the method, the path and the parsed body with sorted members. */
  readonly fingerprint: string;
}

/** The outcome for a key that was used before: its stored answer, or the reason why it has none. */
export type KeyOutcome<Answer> =
  | { readonly kind: "replayed"; readonly answer: Answer }
  /** The key was used for another request. */
  | { readonly kind: "key-reused" }
  /** The first request with the key still runs. */
  | { readonly kind: "key-in-progress" };
