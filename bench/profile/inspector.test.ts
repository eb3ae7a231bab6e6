import assert from "node:assert/strict";
import { test } from "node:test";
import {
  inspectorUrl,
  regionOf,
  spentByFunction,
  spentByRegion,
  spentWithin,
} from "./inspector.ts";

const frame = (id: number, functionName: string, url: string) => ({
  id,
  callFrame: { functionName, url, lineNumber: 9 },
});

const profile = {
  nodes: [
    frame(1, "(idle)", ""),
    frame(2, "parse", "file:///x/node_modules/@redis/client/dist/parser.js"),
    frame(3, "look", "file:///x/src/queue/adapters/redis/look.ts"),
    frame(4, "(garbage collector)", ""),
  ],
  samples: [1, 2, 3, 2, 4],
  timeDeltas: [1000, 100, 300, 400, 200],
};

test("shares are of the time that was not idle", () => {
  const [first, second, third] = spentByFunction(profile);
  assert.deepEqual(first, { name: "parse @redis/client/dist/parser.js:10", share: 0.5 });
  assert.deepEqual(second, { name: "look queue/adapters/redis/look.ts:10", share: 0.3 });
  assert.deepEqual(third?.share, 0.2);
});

test("regions are packages, folders of ours, and the collector", () => {
  const names = spentByRegion(profile).map(({ name }) => name);
  assert.deepEqual(names, ["@redis/client", "src/queue/adapters", "(garbage collector)"]);
  assert.equal(regionOf("node:internal/streams/writable"), "node:internal/streams");
});

test("the inspector's address is read from what node says", () => {
  const said = "x\nDebugger listening on ws://127.0.0.1:9/a-b\nFor help, see";
  assert.equal(inspectorUrl(said), "ws://127.0.0.1:9/a-b");
  assert.throws(() => inspectorUrl("ready"), /--inspect/);
});

test("time within a function includes what it called, once however often it stands on the stack", () => {
  const nested = {
    ...profile,
    nodes: profile.nodes.map((node) =>
      node.callFrame.functionName === "look" ? { ...node, children: [2] } : node,
    ),
  };
  const [first] = spentWithin(nested);
  assert.deepEqual(first, { name: "look queue/adapters/redis/look.ts:10", share: 0.8 });
});
