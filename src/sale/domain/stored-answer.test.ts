import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { alice, bob, nowMs, reservationWith, stateWith } from "#test/support/batch.ts";
import { answerKey, hasChanged } from "./batch-state.ts";
import type { Success } from "./commands.ts";
import { compareIntent, findKeyOutcome, storeAnswer } from "./stored-answer.ts";

const answer: Success = { kind: "reserved", reservation: reservationWith({ heldAtMs: nowMs }) };
const intent = { key: "k", fingerprint: "f" };

describe("an idempotency key", () => {
  it("the same request gets the stored answer, another request with the key is refused", () => {
    const stored = { fingerprint: "f", answer };
    assert.deepEqual(compareIntent(stored, intent), { kind: "replayed", answer });
    assert.deepEqual(compareIntent(stored, { ...intent, fingerprint: "g" }), {
      kind: "key-reused",
    });
  });

  it("a key belongs to one user", () => {
    const state = stateWith();
    storeAnswer(state, { userId: alice, intent }, answer);
    assert.deepEqual(findKeyOutcome(state, { userId: alice, intent }), {
      kind: "replayed",
      answer,
    });
    assert.equal(findKeyOutcome(state, { userId: bob, intent }), null);
    assert.ok(hasChanged(state));
  });

  it("a key that another transaction has locked is in progress, unless its answer is stored", () => {
    const state = stateWith();
    state.busyKeys.add(answerKey(alice, "k"));
    assert.deepEqual(findKeyOutcome(state, { userId: alice, intent }), { kind: "key-in-progress" });
    state.answers.set(answerKey(alice, "k"), { fingerprint: "f", answer });
    assert.deepEqual(findKeyOutcome(state, { userId: alice, intent }), {
      kind: "replayed",
      answer,
    });
  });

  it("a command without a key stores no answer", () => {
    const state = stateWith();
    assert.equal(findKeyOutcome(state, { userId: alice, intent: null }), null);
    assert.equal(storeAnswer(state, { userId: alice, intent: null }, answer), answer);
    assert.equal(state.answers.size, 0);
    assert.equal(hasChanged(state), false);
  });
});
