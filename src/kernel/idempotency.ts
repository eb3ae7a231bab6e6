/** A client's name for one intent: its key, and a digest of method, path and body. */
export interface Intent {
  /** 1 to 255 printable characters, unquoted. */
  readonly key: string;
  /** SHA-256 in hex over method, path and the parsed body with sorted members. */
  readonly fingerprint: string;
}
