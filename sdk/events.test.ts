import assert from "node:assert/strict";
import { test } from "node:test";
import { eventParser, readEvents, type StreamEvent } from "./events.ts";

const parse = (...chunks: string[]): StreamEvent[] => {
  const next = eventParser();
  return chunks.flatMap((chunk) => next(chunk));
};

test("an event is complete at its empty line, however its chunks are cut", () => {
  const whole = 'id: 7\nevent: status\ndata: {"a":1}\n\n';
  const expected = [{ event: "status", text: '{"a":1}', id: "7" }];
  assert.deepEqual(parse(whole), expected);
  assert.deepEqual(parse(...whole.split("")), expected);
  assert.deepEqual(parse(whole.replaceAll("\n", "\r\n")), expected);
  assert.deepEqual(parse(...whole.replaceAll("\n", "\r\n").split("")), expected);
  assert.deepEqual(parse(whole.slice(0, -1)), []);
});

test("several data lines are one text; an event without a name is a message", () => {
  assert.deepEqual(parse("data: a\ndata:b\ndata\n\n"), [
    { event: "message", text: "a\nb\n", id: "" },
  ]);
});

test("comments, retry fields and events without data are skipped", () => {
  assert.deepEqual(parse(": beat\n\nretry: 5\n\nevent: x\n\n"), []);
});

test("an id stays until the stream sends another", () => {
  const ids = parse("id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\nid\ndata: d\n\n");
  assert.deepEqual(
    ids.map(({ id }) => id),
    ["1", "1", "2", ""],
  );
});

test("events keep characters that two chunks share", async () => {
  const bytes = new TextEncoder().encode("data: 대기\n\ndata: 둘\n\n");
  const body = new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const texts: string[] = [];
  let signs = 0;
  for await (const { text } of readEvents(new Response(body), () => (signs += 1))) texts.push(text);
  assert.deepEqual(texts, ["대기", "둘"]);
  assert.equal(signs, bytes.length);
});

test("a broken connection ends the events without an error", async () => {
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode("data: a\n\n")),
    pull: (controller) => controller.error(new Error("broken")),
  });
  const texts: string[] = [];
  for await (const { text } of readEvents(new Response(body))) texts.push(text);
  assert.deepEqual(texts, ["a"]);
});
