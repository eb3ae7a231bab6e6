import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import http from "node:http";
import { test } from "node:test";
import { until } from "#test/support/concurrency.ts";
import { concert, sampleRoutes, sampleServer } from "#test/support/sample-server.ts";
import type { ServerLimits } from "./server.ts";
import { createStreams } from "./streams.ts";

const path = `/api/v1/concerts/${concert}/queue/tokens/me/events`;

/** A source that the test feeds and ends, which records whether it was asked to stop. */
const fedSource = () => {
  const queue: string[] = [];
  const wakes = new EventEmitter();
  const seen = { stopped: 0, pulled: 0 };
  let isFed = true;
  const events = (): AsyncIterableIterator<string> => {
    let isOver = false;
    const done = { done: true, value: undefined } as const;
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next() {
        while (isFed && !isOver && queue.length === 0) await once(wakes, "wake");
        const value = isOver ? undefined : queue.shift();
        if (value === undefined) return done;
        seen.pulled += 1;
        return { done: false, value };
      },
      async return() {
        seen.stopped += isOver ? 0 : 1;
        isOver = true;
        wakes.emit("wake");
        return done;
      },
    };
  };
  const feed = (...chunks: string[]): void => {
    queue.push(...chunks);
    wakes.emit("wake");
  };
  const end = (): void => {
    isFed = false;
    wakes.emit("wake");
  };
  return { events, feed, end, seen, queue };
};

const served = async (events: () => AsyncIterable<string>, limits: ServerLimits = {}) => {
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

test("a client that disconnects ends its source", async () => {
  const source = fedSource();
  const { server, connect, meters } = await served(source.events);
  const response = await connect();
  response.destroy();
  await until(() => source.seen.stopped === 1);
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

test("a source that ends ends the stream; one that fails breaks the connection off", async () => {
  for (const fails of [false, true]) {
    let text = "";
    const source = async function* (): AsyncGenerator<string> {
      yield "data: 1\n\n";
      await until(() => text !== "");
      if (fails) throw new Error("broken");
    };
    await using sample = await served(source);
    const { connect, lines, meters } = sample;
    const response = await connect();
    const read = async (): Promise<void> => {
      for await (const chunk of response) text += String(chunk);
    };
    if (fails) await assert.rejects(read(), { code: "ECONNRESET" });
    else await read();
    assert.equal(text, "data: 1\n\n");
    assert.equal(response.complete, !fails);
    assert.deepEqual(
      lines.map(({ message }) => message),
      fails ? ["a stream failed"] : [],
    );
    await until(() => meters.http.live.streams === 0);
  }
});

test("a client that takes nothing within the write deadline is disconnected", async () => {
  let stopped = false;
  const endless = async function* (): AsyncGenerator<string> {
    try {
      for (;;) yield "x".repeat(65_536);
    } finally {
      stopped = true;
    }
  };
  const { server, connect, meters } = await served(endless, { streamWriteWithinMs: 100 });
  const response = await connect();
  response.pause();
  await until(() => stopped);
  await until(() => meters.http.live.streams === 0);
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
  let open = 0;
  const streams = createStreams({ writeWithinMs: 30_000, onChange: (change) => (open += change) });
  const source = fedSource();
  const response = Object.assign(new EventEmitter(), {
    destroyed: true,
    end: () => {},
    write: () => assert.fail("written"),
  });
  const chunks = source.events();
  await streams.pump("events", chunks, response as never, () => assert.fail());
  assert.equal(open, 0);
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
  let open = 0;
  const streams = createStreams({ writeWithinMs: 30_000, onChange: (change) => (open += change) });
  streams.endAll();
  const source = fedSource();
  const response = Object.assign(new EventEmitter(), {
    ended: false,
    end() {
      response.ended = true;
    },
    write: () => assert.fail("written"),
  });
  const chunks = source.events();
  await streams.pump("events", chunks, response as never, () => assert.fail());
  assert.ok(response.ended);
  assert.equal(open, 0);
});

/** A server whose stream is a file, and a connection to it that has the first chunk. */
const downloading = async (source: ReturnType<typeof fedSource>, limits: ServerLimits) => {
  const routes = sampleRoutes().map((one) =>
    one.operationId === "streamPlace"
      ? {
          ...one,
          handle: () => ({
            status: 200 as const,
            headers: { "Content-Type": "text/csv; charset=utf-8" },
            stream: source.events(),
          }),
        }
      : one,
  );
  const sample = await sampleServer({ routes, limits });
  const url = await sample.server.listen({ host: "127.0.0.1", port: 0 });
  const headers = { authorization: "Bearer queue-x" };
  const download = () => {
    const request = http.get(`${url}${path}`, { headers, agent: false });
    request.on("error", () => {});
    return once(request, "response") as Promise<[http.IncomingMessage]>;
  };
  return { ...sample, url, headers, download };
};

test("a file that is being sent when the server closes is sent to its end", async () => {
  const source = fedSource();
  const { server, download } = await downloading(source, { drainMs: 600_000 });
  const [response] = await download();
  let text = "";
  response.on("data", (chunk: Buffer) => (text += chunk.toString()));
  source.feed("first,");
  await until(() => text !== "");
  const closed = server.close();
  source.feed("last");
  await until(() => text === "first,last");
  source.end();
  await closed;
  await until(() => response.complete);
});

test("a file that is longer than the time to close is cut off, never ended", async () => {
  const source = fedSource();
  const { server, download } = await downloading(source, { drainMs: 100 });
  const [response] = await download();
  const reading = (async (): Promise<void> => {
    for await (const chunk of response) void chunk;
  })();
  const refused = assert.rejects(reading, { code: "ECONNRESET" });
  source.feed("a part");
  await server.close();
  await refused;
  assert.equal(response.complete, false);
  await until(() => source.seen.stopped === 1);
});

test("an unread stream is asked to end, after HEAD and after a refusal", async () => {
  const source = fedSource();
  const { server, url, headers, download } = await downloading(source, { streamsMax: 1 });
  const head = await fetch(url + path, { method: "HEAD", headers });
  assert.deepEqual([head.status, source.seen.stopped], [200, 1]);
  const [open] = await download();
  const [refused] = await download();
  refused.resume();
  assert.deepEqual([refused.statusCode, source.seen.stopped], [503, 2]);
  open.on("error", () => {}).destroy();
  await server.close();
});
