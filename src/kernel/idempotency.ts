/** The identity of an idempotent request: its key, and a digest of its method, path and body. */
export interface Intent {
  /** 1 to 255 printable characters, unquoted. */
  readonly key: string;
  /** SHA-256 in hex of the method, the path and the parsed body with sorted members. */
  readonly fingerprint: string;
}
