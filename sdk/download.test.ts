import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "./client.ts";
import { download } from "./download.ts";
import type { FileOperation } from "./operation.ts";

const operation: FileOperation<{ readonly concertId: string }, "CONCERT_NOT_FOUND"> = {
  method: "GET",
  path: "/concerts/{concertId}/exports/tickets",
};
const input = { concertId: "a b" };

const clientOf = (answer: () => Response | Promise<Response>) => {
  const asked: { url: string; init: RequestInit }[] = [];
  const send = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    asked.push({ url: url as string, init });
    return answer();
  };
  return { client: createClient({ url: "http://server", fetch: send as typeof fetch }), asked };
};

test("a file arrives as a stream with its name, asked for with the key", async () => {
  const headers = { "content-disposition": 'attachment; filename="tickets-1.csv"' };
  const { client, asked } = clientOf(() => new Response("\uFEFFa,b\r\n", { headers }));
  const result = await download(client, operation, input, { token: "key" });
  assert.ok(result.ok);
  assert.equal(result.value.name, "tickets-1.csv");
  assert.equal(await new Response(result.value.bytes).text(), "a,b\r\n");
  const [request] = asked;
  assert.equal(request?.url, "http://server/concerts/a%20b/exports/tickets");
  assert.equal((request.init.headers as Record<string, string>)["authorization"], "Bearer key");
});

test("a refusal of a file has its code, and nothing is retried", async () => {
  const problem = { code: "CONCERT_NOT_FOUND", status: 404 };
  const { client, asked } = clientOf(() => Response.json(problem, { status: 404 }));
  const result = await download(client, operation, input);
  assert.deepEqual([result.ok, result.ok ? null : result.code], [false, "CONCERT_NOT_FOUND"]);
  assert.equal(asked.length, 1);
});

test("without an answer a download is NO_ANSWER", async () => {
  const { client } = clientOf(() => Promise.reject(new Error("no network")));
  const result = await download(client, operation, input);
  assert.equal(result.ok ? null : result.code, "NO_ANSWER");
});

test("a download that breaks off fails while it is read", async () => {
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.error(new Error("broken off"));
    },
  });
  const { client } = clientOf(() => new Response(source));
  const result = await download(client, operation, input);
  assert.ok(result.ok);
  await assert.rejects(new Response(result.value.bytes).text());
});

test("aborting ends a download that has begun", async () => {
  const stop = new AbortController();
  const { client, asked } = clientOf(() => new Response("text"));
  await download(client, operation, input, { signal: stop.signal });
  stop.abort();
  assert.equal(asked[0]?.init.signal?.aborted, true);
});
