import type { IncomingMessage } from "node:http";

/** As much as a client may have sent on before it reads the refusal. A longer body is cut off. */
const discardedBytesMax = 16 * 1024 * 1024;
const discardWithinMs = 5_000;

/**
 * Reads and forgets the rest of a body that is refused, then calls `done`: a client that is still sending would lose
 * the answer with the connection. After 16 MiB or 5 s, and at once when the request declares more, the rest is left.
 */
export const discardBody = (request: IncomingMessage, done: () => void): void => {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (request.readableEnded || declared > discardedBytesMax) return done();
  let bytes = 0;
  const finish = (): void => {
    clearTimeout(timer);
    request.off("data", count).off("end", finish).off("close", finish).pause();
    done();
  };
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > discardedBytesMax) finish();
  };
  const timer = setTimeout(finish, discardWithinMs);
  request.on("data", count).once("end", finish).once("close", finish).resume();
};
