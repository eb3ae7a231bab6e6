import { readFileSync, writeFileSync } from "node:fs";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly token?: string;
  readonly key?: string;
  /** Sent as JSON. */
  readonly body?: object;
}

/** The bytes of a request as a plain client sends it. */
export const encodeRequest = (request: HttpRequest): Buffer => {
  const body = request.body === undefined ? "" : JSON.stringify(request.body);
  const lines = [
    `${request.method} ${request.path} HTTP/1.1`,
    "host: 127.0.0.1",
    ...(request.token === undefined ? [] : [`authorization: Bearer ${request.token}`]),
    ...(request.key === undefined ? [] : [`idempotency-key: ${request.key}`]),
    ...(body === "" ? [] : ["content-type: application/json"]),
    ...(request.method === "POST" ? [`content-length: ${Buffer.byteLength(body)}`] : []),
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`, "utf8");
};

/** Keeps requests ready to send in a file: a length of 4 bytes before each. */
export const writeRequests = (file: string, requests: Iterable<Buffer>): number => {
  const parts: Buffer[] = [];
  let count = 0;
  for (const request of requests) {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(request.length);
    parts.push(length, request);
    count += 1;
  }
  writeFileSync(file, Buffer.concat(parts));
  return count;
};

export const readRequests = (file: string): Buffer[] => {
  const bytes = readFileSync(file);
  const requests: Buffer[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = from + 4 + bytes.readUInt32LE(from);
    requests.push(bytes.subarray(from + 4, end));
    from = end;
  }
  return requests;
};
