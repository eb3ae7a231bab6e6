const headEnd = Buffer.from("\r\n\r\n");
const lengthName = /\r\ncontent-length:\s*(\d+)/i;
const chunkedName = /\r\ntransfer-encoding:/i;
const statusFrom = "HTTP/1.1 ".length;

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
    rest = from === bytes.length ? null : from === 0 ? bytes : bytes.subarray(from);
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
  const head = bytes.toString("latin1", from, at);
  if (!head.startsWith("HTTP/1.1 ")) throw new Error(`not HTTP/1.1: ${head.slice(0, 40)}`);
  const status = Number(head.slice(statusFrom, statusFrom + 3));
  const bodyFrom = at + headEnd.length;
  const end = bodyFrom + bodyLength(status, head);
  return end > bytes.length ? null : { status, bodyFrom, end };
};

const bodyLength = (status: number, head: string): number => {
  const length = lengthName.exec(head)?.[1];
  if (length !== undefined) return Number(length);
  if (chunkedName.test(head)) throw new Error("chunked answers are not read");
  if (status === 204 || status === 304) return 0;
  throw new Error(`an answer with ${status} says no Content-Length`);
};
