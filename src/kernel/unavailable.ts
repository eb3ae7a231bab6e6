/**
 * A store is away or too slow, or the server sheds load. Either nothing was changed, or a retry with
 * the same key gets the first answer; without a key the effect may exist. Adapters throw it and the HTTP edge answers it with `503`.
 * A use case catches it only when it can go on without the store; it rethrows any other error.
 */
export class Unavailable extends Error {
  /** Whole seconds, 1 or more, after which the client should retry. */
  readonly retryAfterSeconds: number;
  /** Whether the adapter has logged the cause, so that no further line is written for each request. */
  readonly isLogged: boolean;

  constructor(
    message: string,
    options: { cause?: unknown; retryAfterSeconds?: number; isLogged?: boolean } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "Unavailable";
    this.retryAfterSeconds = options.retryAfterSeconds ?? 1;
    this.isLogged = options.isLogged ?? false;
  }
}

/** Returns the answer, or that of `otherwise` when a store is unavailable. Throws every other error. */
export const ifUnavailable = async <T, Other>(
  answer: Promise<T>,
  otherwise: (error: Unavailable) => Other,
): Promise<T | Other> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Unavailable) return otherwise(error);
    throw error;
  }
};
