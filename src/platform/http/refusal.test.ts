import assert from "node:assert/strict";
import { test } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import { faultsOf, judgeThrown, malformedRequest, problemBody, problemType } from "./refusal.ts";

test("the body of a problem has the standard members, and its own members cannot replace them", () => {
  const members = { code: "X", status: 1, seatNumbers: [7] };
  assert.deepEqual(problemBody({ problem: "SEAT_UNAVAILABLE", members }, "/a?b=1"), {
    type: "/problems/seat-unavailable",
    title: "A seat is taken",
    status: 409,
    detail: "A seat is taken.",
    instance: "/a?b=1",
    code: "SEAT_UNAVAILABLE",
    seatNumbers: [7],
  });
});

test("the instance of a problem is at most 500 characters", () => {
  const body = problemBody({ problem: "NOT_FOUND" }, `/${"x".repeat(10_000)}`);
  assert.equal(String(body["instance"]).length, 500);
});

test("the type of a problem is its code as a path", () => {
  assert.equal(problemType("QUEUE_NOT_ACTIVE"), "/problems/queue-not-active");
});

test("the detail of a malformed request is its first fault in words", () => {
  assert.equal(malformedRequest([{ pointer: "/a", message: "is bad" }]).detail, "/a is bad.");
  assert.equal(malformedRequest([{ pointer: "", message: "is bad" }]).detail, "The body is bad.");
  assert.equal(malformedRequest([]).detail, "The request is malformed.");
});

test("the pointer of a fault names its part of the request", () => {
  const found = [{ keyword: "type", instancePath: "/a", message: "must be string" }];
  const pointers = ["body", "params", "querystring", undefined].map(
    (part) => faultsOf(found, part)[0]?.pointer,
  );
  assert.deepEqual(pointers, ["/a", "/params/a", "/query/a", "/a"]);
});

test("a value that fails its format is one fault, without its pattern", () => {
  const fault = (keyword: string) => ({ keyword, instancePath: "/a", message: keyword });
  assert.equal(faultsOf([fault("format"), fault("pattern")], "body").length, 1);
  assert.equal(faultsOf([fault("pattern")], "body").length, 1);
});

const thrown: [title: string, error: unknown, code: string][] = [
  ["an unreachable store", new Unavailable("x"), "UNAVAILABLE"],
  ["a bug", new TypeError("x"), "INTERNAL"],
  ["a thrown value that is not an Error", "x", "INTERNAL"],
  ["nothing", undefined, "INTERNAL"],
  ["a 4xx of Fastify", Object.assign(new Error("x"), { statusCode: 400 }), "INVALID_REQUEST"],
  ["a 5xx of Fastify", Object.assign(new Error("x"), { statusCode: 503 }), "INTERNAL"],
];
for (const [title, error, code] of thrown) {
  test(`${title} is ${code}`, () => assert.equal(judgeThrown(error).problem.problem, code));
}
