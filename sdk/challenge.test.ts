import assert from "node:assert/strict";
import { test } from "node:test";
import { withChallenge } from "./challenge.ts";
import type { Result } from "./client.ts";

const refused: Result<string, "CHALLENGE_REQUIRED"> = {
  ok: false,
  code: "CHALLENGE_REQUIRED",
  status: 403,
  problem: {
    ...{ type: "", title: "", status: 403, detail: "", instance: "" },
    code: "CHALLENGE_REQUIRED",
  },
  retryAfterMs: null,
};
const passed: Result<string, "CHALLENGE_REQUIRED"> = {
  ok: true,
  status: 201,
  value: "user",
  replayed: false,
  dateMs: null,
};

/** A server that lets in who sends this response, with all that it got. */
const serverOf = (right: string | null) => {
  const sent: (string | null)[] = [];
  let answers = 0;
  return {
    sent,
    send: async (response: string | null) => {
      sent.push(response);
      return response === right ? passed : refused;
    },
    answer: async (): Promise<string> => `answer ${(answers += 1)}`,
  };
};

test("a request that needs no challenge is sent once, without an answer", async () => {
  const { sent, send, answer } = serverOf(null);
  assert.equal((await withChallenge(send, answer)).ok, true);
  assert.deepEqual(sent, [null]);
});

test("each refusal gets a new answer, up to three requests", async () => {
  const { sent, send, answer } = serverOf("answer 2");
  assert.equal((await withChallenge(send, answer)).ok, true);
  assert.deepEqual(sent, [null, "answer 1", "answer 2"]);
  const never = serverOf("nothing");
  assert.deepEqual(await withChallenge(never.send, never.answer), refused);
  assert.equal(never.sent.length, 3);
});

test("an expected challenge is answered before the first request", async () => {
  const { sent, send, answer } = serverOf("answer 1");
  assert.equal((await withChallenge(send, answer, true)).ok, true);
  assert.deepEqual(sent, ["answer 1"]);
});

test("without an answer the refusal is the result", async () => {
  const { sent, send } = serverOf("nothing");
  assert.deepEqual(await withChallenge(send, async () => null), refused);
  assert.deepEqual(sent, [null]);
});
