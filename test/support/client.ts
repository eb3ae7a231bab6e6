import assert from "node:assert/strict";
import http from "node:http";
import { codeStatus, contractCodes, members } from "./contract.ts";
import { publishedDocument, type PublishedDocument } from "./published.ts";

export interface Asked {
  readonly method?: string;
  readonly path: string;
  /** Goes out as `Authorization: Bearer …`. */
  readonly token?: string;
  /** Goes out as `Idempotency-Key`, as given. */
  readonly key?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, as JSON unless `headers` say otherwise. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Number of the instance to ask; without it they take turns. */
  readonly on?: number;
  readonly timeoutMs?: number;
}

export interface Answer {
  readonly asked: Asked;
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  readonly body: unknown;
  /** Monotonic times at which the request went out and the answer was complete. */
  readonly sentMs: number;
  readonly answeredMs: number;
}

export type Members = Record<string, unknown>;

/** Sends one request and checks the answer against the published document and the table of codes. */
export type Call = (asked: Asked) => Promise<Answer>;

export interface Client {
  readonly call: Call;
  /** The same without any check: for answers that need not be ours. */
  readonly send: Call;
  readonly document: () => Promise<PublishedDocument>;
  /** Which instances `call` takes turns between (all at first). */
  use(instances: readonly number[]): void;
  close(): void;
}

const describe = (answer: Answer): string =>
  `${answer.asked.method ?? "GET"} ${answer.asked.path} -> ${answer.status} ${answer.text.slice(0, 600)}`;

const parsed = (text: string, type: string | undefined): unknown =>
  type?.includes("json") === true && text !== "" ? (JSON.parse(text) as unknown) : undefined;

const wordsOf = (
  asked: Asked,
): { headers: http.OutgoingHttpHeaders; content: string | Uint8Array } => {
  const content = asked.raw ?? (asked.body === undefined ? "" : JSON.stringify(asked.body));
  const size = typeof content === "string" ? Buffer.byteLength(content) : content.byteLength;
  const chunked = asked.headers?.["transfer-encoding"] !== undefined;
  const headers: http.OutgoingHttpHeaders = {
    ...(size > 0 ? { "content-type": "application/json" } : {}),
    ...(!chunked && (size > 0 || asked.method === "POST") ? { "content-length": size } : {}),
    ...(asked.token === undefined ? {} : { authorization: `Bearer ${asked.token}` }),
    ...(asked.key === undefined ? {} : { "idempotency-key": asked.key }),
    ...asked.headers,
  };
  return { headers, content };
};

const exchange = (url: string, agent: http.Agent, asked: Asked): Promise<Answer> => {
  const { headers, content } = wordsOf(asked);
  const where = new URL(url);
  return new Promise((resolve, reject) => {
    const sentMs = performance.now();
    const request = http.request(
      {
        host: where.hostname,
        port: where.port,
        path: asked.path,
        method: asked.method ?? "GET",
        headers,
        agent,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const answeredMs = performance.now();
          const { statusCode, headers: answered } = response;
          const body = parsed(text, answered["content-type"]);
          resolve({
            asked,
            status: statusCode ?? 0,
            headers: answered,
            text,
            body,
            sentMs,
            answeredMs,
          });
        });
      },
    );
    const timeoutMs = asked.timeoutMs ?? 15_000;
    request.setTimeout(timeoutMs, () => request.destroy(new Error(`no answer in ${timeoutMs} ms`)));
    request.on("error", reject);
    request.end(content);
  });
};

/** Checks a refusal's form: all members, a code of the table under its status, the headers it owes. */
export const checkProblem = (answer: Answer): Members => {
  const what = describe(answer);
  assert.match(answer.headers["content-type"] ?? "", /^application\/problem\+json/, what);
  const problem = answer.body as Members;
  for (const member of members.problem) assert.ok(member in problem, `${member} missing: ${what}`);
  assert.equal(problem["status"], answer.status, what);
  const code = String(problem["code"]);
  assert.ok(contractCodes[answer.status]?.includes(code), `not in the table of codes: ${what}`);
  if (answer.status === 401) assert.ok(answer.headers["www-authenticate"], what);
  if (answer.status === 405) assert.ok(answer.headers.allow, what);
  if (answer.status === 429 || answer.status === 503)
    assert.match(answer.headers["retry-after"] ?? "", /^[1-9][0-9]*$/, what);
  assert.doesNotMatch(answer.text, /\n\s+at |select |insert into|node_modules/i, what);
  return problem;
};

const checkAnswer = (answer: Answer, document: PublishedDocument): void => {
  if (answer.status >= 400) checkProblem(answer);
  const fault = document.faultOf(answer);
  if (fault !== null) assert.fail(`${fault}: ${describe(answer)}`);
};

/** A client of all the instances behind `urls`, with keep-alive connections of its own. */
export const openClient = (urls: readonly string[]): Client => {
  const agents = urls.map(() => new http.Agent({ keepAlive: true, maxSockets: 600 }));
  let document: Promise<PublishedDocument> | undefined;
  let turns = urls.map((_, index) => index);
  let turn = 0;
  const send: Call = (asked) => {
    const index = asked.on ?? turns[turn++ % turns.length] ?? 0;
    const url = urls[index];
    const agent = agents[index];
    if (url === undefined || agent === undefined) throw new RangeError(`no instance ${index}`);
    return exchange(url, agent, asked);
  };
  const published = (): Promise<PublishedDocument> =>
    (document ??= send({ path: "/openapi.json" }).then((answer) => publishedDocument(answer.body)));
  return {
    send,
    call: async (asked) => {
      const known = await published();
      const answer = await send(asked);
      checkAnswer(answer, known);
      return answer;
    },
    document: published,
    use: (instances) => {
      turns = [...instances];
    },
    close: () => {
      for (const agent of agents) agent.destroy();
    },
  };
};

/** The body of a success with this status. */
export const succeeded = <T = Members>(answer: Answer, ...statuses: readonly number[]): T => {
  const expected = statuses.length === 0 ? [200, 201] : statuses;
  assert.ok(
    expected.includes(answer.status),
    `expected ${expected.join("/")}: ${describe(answer)}`,
  );
  return answer.body as T;
};

/** The problem of a refusal with this code (and the status that the table gives it). */
export const refused = (answer: Answer, code: string): Members => {
  const expected = codeStatus[code];
  assert.ok(expected !== undefined, `${code} is not in the table`);
  const problem = answer.status >= 400 ? (answer.body as Members) : {};
  assert.equal(problem["code"], code, `expected ${expected} ${code}: ${describe(answer)}`);
  assert.equal(answer.status, expected, describe(answer));
  return problem;
};

/** Status and code in one word, for counting: `201`, `409 SEAT_UNAVAILABLE`. */
export const verdict = (answer: Answer): string =>
  answer.status < 400 ? String(answer.status) : `${answer.status} ${codeOf(answer)}`;

export const codeOf = (answer: Answer): string => {
  const code = (answer.body as Members | undefined)?.["code"];
  return typeof code === "string" ? code : "";
};

/** How often each word occurs. */
export const tally = (words: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
};

/** Fails unless the body has every one of these members (more are allowed). */
export const hasMembers = (body: unknown, names: readonly string[]): void => {
  assert.ok(typeof body === "object" && body !== null, `not an object: ${JSON.stringify(body)}`);
  const missing = names.filter((name) => !(name in body));
  assert.deepEqual(missing, [], `missing in ${JSON.stringify(body)}`);
};
