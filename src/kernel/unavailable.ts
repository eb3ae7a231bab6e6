/**
 * A store is away or too slow, or the server sheds load. Either nothing was changed, or a retry with
 * the same key gets the first answer; without a key the effect may exist. Adapters throw it and the HTTP edge answers it with `503`.
 * A use case catches it only when it can go on without the store; it rethrows any other error.
 */
export class Unavailable extends Error {
  /** Whole seconds, 1 or more, after which the client should retry. */
  readonly retryAfterSeconds: number;

  constructor(message: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message, { cause: options.cause });
    this.name = "Unavailable";
    this.retryAfterSeconds = options.retryAfterSeconds ?? 1;
  }
}
