import { connect } from "node:net";
import { readRequests } from "./request-file.ts";

// Many open streams, as a process of its own: opens one for each request of a book, and notes when
// each was told what it listens for.

export interface Listening {
  readonly port: number;
  readonly requestsFile: string;
  /** The text that a stream sends once in its life. */
  readonly mark: string;
}

export interface Heard {
  /** Streams that are open and have said something. */
  readonly open: number;
  /** Events so far, over all streams. */
  readonly events: number;
  /** By request: epoch ms at which the mark was read; null: not yet. */
  readonly marks: readonly (number | null)[];
  /** The first failures. */
  readonly troubles: readonly string[];
}

const atOnceMax = 100;
const troublesMax = 5;

let open = 0;
let events = 0;
let marks: (number | null)[] = [];
const troubles: string[] = [];

const trouble = (what: string): void => {
  if (troubles.length < troublesMax) troubles.push(what);
};

/** Resolves when the stream has said something, or has failed. */
const listen = (port: number, request: Buffer, number: number, mark: string): Promise<void> =>
  new Promise((resolve) => {
    let isHeard = false;
    let tail = "";
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.setEncoding("latin1");
    socket.on("connect", () => socket.write(request));
    socket.on("data", (chunk: string) => {
      const text = tail + chunk;
      if (!isHeard && !text.startsWith("HTTP/1.1 200")) trouble(text.slice(0, 400));
      if (marks[number] === null && text.includes(mark)) marks[number] = Date.now();
      for (let at = chunk.indexOf("\ndata:"); at >= 0; at = chunk.indexOf("\ndata:", at + 1)) {
        events += 1;
      }
      if (!isHeard && text.includes("\ndata:")) {
        isHeard = true;
        open += 1;
        resolve();
      }
      tail = text.slice(-mark.length);
    });
    socket.on("error", (error) => trouble(error.message));
    socket.on("close", () => {
      if (isHeard) open -= 1;
      trouble("a stream was closed");
      resolve();
    });
  });

const openAll = async ({ port, requestsFile, mark }: Listening): Promise<void> => {
  const requests = readRequests(requestsFile);
  marks = requests.map(() => null);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let number = next++; number < requests.length; number = next++) {
      const request = requests[number];
      if (request !== undefined) await listen(port, request, number, mark);
    }
  };
  await Promise.all(Array.from({ length: atOnceMax }, worker));
};

const tell = (): void => {
  const heard: Heard = { open, events, marks, troubles };
  process.send?.(heard);
};

process.on("message", (message: Listening | "tell") => {
  if (message === "tell") tell();
  else openAll(message).then(tell, (error: unknown) => trouble(String(error)));
});
process.on("disconnect", () => process.exit(0));
