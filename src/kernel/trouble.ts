/**
 * A store is away, too slow, or the server sheds load. Nothing was changed, or asking again with the
 * same key tells. Adapters throw it, nobody below the HTTP edge catches it; it becomes `503`.
 */
export class Unavailable extends Error {
  /** Whole seconds after which asking again makes sense. */
  readonly retryAfterSeconds: number;

  constructor(message: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message, { cause: options.cause });
    this.name = "Unavailable";
    this.retryAfterSeconds = options.retryAfterSeconds ?? 1;
  }
}
