import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import http from "node:http";
import { test } from "node:test";
import { until } from "#test/support/concurrency.ts";
import { concert, sampleRoutes, sampleServer } from "#test/support/sample-server.ts";
import { createStreams } from "./streams.ts";

const path = `/api/v1/concerts/${concert}/queue/tokens/me/events`;

/** A source that the test feeds, which records whether it was asked to stop. */
const fedSource = () => {
  const queue: string[] = [];
  const wakes = new EventEmitter();
  const seen = { signals: [] as AbortSignal[], stopped: 0, pulled: 0 };
  const events = async function* (signal: AbortSignal): AsyncGenerator<string> {
    seen.signals.push(signal);
    signal.addEventListener("abort", () => wakes.emit("wake"));
    try {
      while (!signal.aborted) {
        const next = queue.shift();
        if (next === undefined) await once(wakes, "wake");
        else {
          seen.pulled += 1;
          yield next;
        }
      }
    } finally {
      seen.stopped += 1;
    }
  };
  const feed = (...chunks: string[]): void => {
    queue.push(...chunks);
    wakes.emit("wake");
  };
  return { events, feed, seen, queue };
};

const served = async (
  events: (signal: AbortSignal) => AsyncIterable<string>,
  limits: { streamsMax?: number; drainMs?: number } = {},
) => {
  const sample = await sampleServer({ routes: sampleRoutes(events), limits });
  const url = await sample.server.listen({ host: "127.0.0.1", port: 0 });
  const connect = async (): Promise<http.IncomingMessage> => {
    const request = http.get(`${url}${path}`, {
      headers: { authorization: "Bearer queue-x" },
      agent: false,
    });
    request.on("error", () => {});
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    response.on("error", () => {});
    return response;
  };
  return { ...sample, connect };
};

test("chunks are sent as they arrive, as an event stream with no-store", async () => {
  const source = fedSource();
  const { server, connect, meters } = await served(source.events);
  const response = await connect();
  assert.equal(response.statusCode, 200);
  assert.equal(response.headers["content-type"], "text/event-stream");
  assert.equal(response.headers["cache-control"], "no-store");
  assert.equal(response.headers["x-content-type-options"], "nosniff");
  let text = "";
  response.on("data", (chunk: Buffer) => (text += chunk.toString()));
  source.feed("data: 1\n\n");
  await until(() => text === "data: 1\n\n");
  assert.equal(meters.http.live.streams, 1);
  assert.equal(meters.http.live.requests, 0, "a stream is no request in flight");
  source.feed("data: 2\n\n");
  await until(() => text === "data: 1\n\ndata: 2\n\n");
  response.destroy();
  await server.close();
});

test("a client that disconnects ends its source and aborts the signal", async () => {
  const source = fedSource();
  const { server, connect, meters } = await served(source.events);
  const response = await connect();
  response.destroy();
  await until(() => source.seen.stopped === 1);
  assert.equal(source.seen.signals[0]?.aborted, true);
  await until(() => meters.http.live.streams === 0);
  await server.close();
});

test("a client that does not read pauses the source", async () => {
  const source = fedSource();
  const { server, connect } = await served(source.events);
  const response = await connect();
  response.pause();
  source.feed(...Array.from({ length: 400 }, () => "x".repeat(65_536)));
  await until(() => source.seen.pulled > 0);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.ok(source.queue.length > 0, "everything was taken without being read");
  response.destroy();
  await until(() => source.seen.stopped === 1);
  await server.close();
});

test("a source that ends or fails ends the stream", async () => {
  const failing = async function* (): AsyncGenerator<string> {
    yield "data: 1\n\n";
    await Promise.resolve();
    throw new Error("broken");
  };
  const { server, connect, lines } = await served(failing);
  const response = await connect();
  let text = "";
  for await (const chunk of response) text += String(chunk);
  assert.equal(text, "data: 1\n\n");
  assert.deepEqual(
    lines.map(({ message }) => message),
    ["a stream failed"],
  );
  await server.close();
});

test("a stream beyond the bound is 503", async () => {
  const source = fedSource();
  const { server, connect, meters } = await served(source.events, { streamsMax: 1 });
  const first = await connect();
  const second = await connect();
  assert.equal(second.statusCode, 503);
  assert.ok(second.headers["retry-after"]);
  second.resume();
  assert.match(await meters.text(), /http_requests_shed_total\{reason="streams"\} 1/);
  first.destroy();
  await until(() => meters.http.live.streams === 0);
  const third = await connect();
  assert.equal(third.statusCode, 200);
  third.destroy();
  await server.close();
});

test("closing ends open streams at once with a complete response", async () => {
  const source = fedSource();
  const { server, connect } = await served(source.events, { drainMs: 600_000 });
  const response = await connect();
  source.feed("data: 1\n\n");
  let ended = false;
  response.on("end", () => (ended = true)).resume();
  await server.close();
  await until(() => ended);
  await until(() => source.seen.stopped === 1);
});

test("a source asked to return may send a last chunk unless the client has disconnected", async () => {
  let returns = 0;
  const events = (): AsyncIterable<string> => ({
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: async () => {
        returns += 1;
        return { done: true, value: "event: reconnect\n\n" };
      },
    }),
  });
  const { server, connect } = await served(events);
  const [stays, goes] = [await connect(), await connect()];
  goes.destroy();
  await until(() => returns === 1);
  let text = "";
  const ended = once(stays, "end");
  stays.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await server.close();
  await ended;
  assert.equal(text, "event: reconnect\n\n");
  assert.equal(returns, 2);
});

test("a client that disconnected before its stream began ends the source at once", async () => {
  const streams = createStreams(() => {});
  const source = fedSource();
  const response = Object.assign(new EventEmitter(), {
    destroyed: true,
    end: () => {},
    write: () => assert.fail("written"),
  });
  const chunks = source.events(new AbortController().signal);
  await streams.pump(chunks, response as never, () => assert.fail());
  assert.equal(streams.open, 0);
});

test("HEAD of a stream sends its headers and opens no stream", async () => {
  const source = fedSource();
  const { server, meters } = await served(source.events);
  const headers = { authorization: "Bearer queue-x" };
  const answer = await server.inject({ method: "HEAD", url: path, headers });
  assert.deepEqual([answer.statusCode, answer.body], [200, ""]);
  assert.equal(meters.http.live.streams, 0);
  assert.equal(source.seen.pulled, 0);
  await server.close();
});

test("a stream opened after endAll is ended before it begins", async () => {
  const streams = createStreams(() => {});
  streams.endAll();
  const source = fedSource();
  const response = Object.assign(new EventEmitter(), {
    ended: false,
    end() {
      response.ended = true;
    },
    write: () => assert.fail("written"),
  });
  const chunks = source.events(new AbortController().signal);
  await streams.pump(chunks, response as never, () => assert.fail());
  assert.ok(response.ended);
  assert.equal(streams.open, 0);
});
