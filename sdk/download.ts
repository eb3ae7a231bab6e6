import { linkAbort } from "./abort.ts";
import { addressOf, readAnswer, unanswered, type Client, type Result } from "./client.ts";
import type { FileOperation } from "./operation.ts";

/** A file that arrives. */
export interface DownloadedFile {
  /** The name that the server proposes; empty when it proposes none. */
  readonly name: string;
  /**
   * The bytes as they arrive. The stream fails when the connection breaks off: a stream that ends has brought the
   * whole file.
   */
  readonly bytes: ReadableStream<Uint8Array>;
}

export interface DownloadOptions {
  /** The operator key that the operation needs. */
  readonly token?: string;
  /** Ends the download, also in the middle. */
  readonly signal?: AbortSignal;
}

/** The server needs at most 35 s until a file begins. */
const beginsWithinMs = 40_000;

const nameOf = ({ headers }: Response): string =>
  /filename="([^"]*)"/.exec(headers.get("content-disposition") ?? "")?.[1] ?? "";

/**
 * Asks for a file once, and returns it when its first bytes arrive. A refusal is a result as that of `Client.call`;
 * UNAVAILABLE may be asked for again after `retryAfterMs`. Never rejects.
 */
export const download = async <Input extends object, Code extends string>(
  client: Client,
  operation: FileOperation<Input, Code>,
  input: Input,
  { token, signal }: DownloadOptions = {},
): Promise<Result<DownloadedFile, Code>> => {
  const link = linkAbort([signal]);
  const timer = setTimeout(link.abort, beginsWithinMs);
  const path = addressOf(operation.path, input as Readonly<Record<string, unknown>>);
  const answer = await client.send(operation.method, path, {
    ...(token === undefined ? {} : { token }),
    signal: link.signal,
    timeoutMs: 0,
  });
  clearTimeout(timer);
  if (answer === null) return unanswered();
  const { ok, body: bytes, status } = answer;
  if (!ok) return (await readAnswer(answer)) as Result<DownloadedFile, Code>;
  if (bytes === null) return unanswered(status);
  return { ok, status, value: { name: nameOf(answer), bytes }, replayed: false, dateMs: null };
};
