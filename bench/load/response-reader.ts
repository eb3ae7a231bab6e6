const headEnd = Buffer.from("\r\n\r\n");
/** Without its first letters, which servers write in either case. */
const lengthName = Buffer.from("ength: ");
const lengthLine = /\r\ncontent-length:\s*(\d+)/i;
const chunkedName = /\r\ntransfer-encoding:/i;
const version = Buffer.from("HTTP/1.1 ");
const [zero, nine] = [48, 57];

/** Larger, a server that never ends its headers would fill the memory; ours send less than 1 kB. */
const headBytesMax = 65_536;

/** Called once for every complete answer; the body is only good until the call returns. */
export type OnResponse = (status: number, body: Buffer) => void;

/**
 * Reads the answers of one connection, however their bytes are cut into chunks. Cheap on purpose: it
 * knows the status and the Content-Length and nothing else, so that the load generator is not what is
 * measured. Throws on anything that is not HTTP/1.1, and on chunked answers.
 */
export const responseReader = (onResponse: OnResponse): ((chunk: Buffer) => void) => {
  let rest: Buffer | null = null;
  return (chunk) => {
    const bytes: Buffer = rest === null ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    while (from < bytes.length) {
      const answer = readAnswer(bytes, from);
      if (answer === null) break;
      onResponse(answer.status, bytes.subarray(answer.bodyFrom, answer.end));
      from = answer.end;
    }
    // A copy, because the caller may read the next chunk into the same memory.
    rest = from === bytes.length ? null : Buffer.from(bytes.subarray(from));
  };
};

interface Bounds {
  readonly status: number;
  readonly bodyFrom: number;
  readonly end: number;
}

/** Where the answer that begins at `from` lies, or null while it is not complete. */
const readAnswer = (bytes: Buffer, from: number): Bounds | null => {
  const at = bytes.indexOf(headEnd, from);
  if (at < 0) {
    if (bytes.length - from > headBytesMax) throw new Error("an answer's headers do not end");
    return null;
  }
  if (bytes.compare(version, 0, version.length, from, from + version.length) !== 0)
    throw new Error(`not HTTP/1.1: ${bytes.toString("latin1", from, from + 40)}`);
  const status = numberAt(bytes, from + version.length);
  const bodyFrom = at + headEnd.length;
  const end = bodyFrom + bodyLength(bytes, from, at, status);
  return end > bytes.length ? null : { status, bodyFrom, end };
};

/** The whole number whose digits begin at an offset. */
const numberAt = (bytes: Buffer, offset: number): number => {
  let value = 0;
  for (let at = offset; at < bytes.length; at++) {
    const code = bytes[at] ?? 0;
    if (code < zero || code > nine) break;
    value = value * 10 + code - zero;
  }
  return value;
};

const bodyLength = (bytes: Buffer, from: number, headTo: number, status: number): number => {
  const at = bytes.indexOf(lengthName, from);
  const isQuick =
    at > 0 && at < headTo && /^content-l$/i.test(bytes.toString("latin1", at - 9, at));
  if (isQuick) return numberAt(bytes, at + lengthName.length);
  const head = bytes.toString("latin1", from, headTo);
  const length = lengthLine.exec(head)?.[1];
  if (length !== undefined) return Number(length);
  if (chunkedName.test(head)) throw new Error("chunked answers are not read");
  if (status === 204 || status === 304) return 0;
  throw new Error(`an answer with ${status} says no Content-Length`);
};
