import assert from "node:assert/strict";
import { test } from "node:test";
import { doubtAbout, fieldsOf, objectionsTo, readServerFacts } from "./server-facts.ts";

const answer = (fields: Readonly<Record<string, string>>): string => {
  const all = {
    run_id: "f3c1",
    role: "master",
    cluster_enabled: "0",
    loading: "0",
    maxmemory_policy: "noeviction",
    ...fields,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}:${value}\r\n`);
  return `# Server\r\n${lines.join("")}`;
};
const factsOf = (fields: Readonly<Record<string, string>> = {}) =>
  readServerFacts(fieldsOf(answer(fields)));

test("a primary that keeps every key is good", () => {
  assert.deepEqual(factsOf(), {
    runId: "f3c1",
    isPrimary: true,
    isCluster: false,
    isLoading: false,
    policy: "noeviction",
  });
  assert.deepEqual([objectionsTo(factsOf()), doubtAbout(factsOf())], [[], null]);
});

const refused: [title: string, fields: Readonly<Record<string, string>>, fact: RegExp][] = [
  ["a replica", { role: "slave" }, /^it is a replica$/],
  ["a node in cluster mode", { cluster_enabled: "1" }, /^it is in cluster mode$/],
  ["allkeys-lru", { maxmemory_policy: "allkeys-lru" }, /allkeys-lru deletes places/],
  ["allkeys-lfu", { maxmemory_policy: "allkeys-lfu" }, /allkeys-lfu deletes places/],
  ["allkeys-random", { maxmemory_policy: "allkeys-random" }, /allkeys-random deletes places/],
];
for (const [title, fields, fact] of refused) {
  test(`refused: ${title}`, () => {
    const found = objectionsTo(factsOf(fields));
    assert.equal(found.length, 1);
    assert.match(found[0]?.fact ?? "", fact);
  });
}

test("a policy that deletes only keys with an expiry is doubted, and not refused", () => {
  for (const policy of ["volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"]) {
    const facts = factsOf({ maxmemory_policy: policy });
    assert.deepEqual(objectionsTo(facts), []);
    assert.match(doubtAbout(facts)?.fact ?? "", new RegExp(policy));
  }
});

test("an answer without run_id is no answer of a Redis that can be used", () => {
  assert.throws(() => readServerFacts(fieldsOf("role:master\r\n")), /does not report its run_id/);
});
