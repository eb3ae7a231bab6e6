import assert from "node:assert/strict";
import { test } from "node:test";
import { readOptions } from "../../scripts/start/options.ts";

const good: [words: string[], instances: number][] = [
  [[], 1],
  [["--instances", "3"], 3],
  [["--instances=64"], 64],
];
for (const [words, instances] of good) {
  test(`npm start -- ${words.join(" ")} means ${instances}`, () => {
    assert.deepEqual(readOptions(words), { options: { instances } });
  });
}

for (const words of [
  ["--instances", "0"],
  ["--instances", "65"],
  ["--instances", "three"],
  ["--instances", "-1"],
  ["--instances"],
  ["--instance", "3"],
  ["3"],
]) {
  test(`npm start -- ${words.join(" ")} is refused with the usage`, () => {
    const read = readOptions(words);
    assert.ok("usage" in read && read.isFault);
    assert.match(read.usage, /--instances 3/);
  });
}

test("--help prints the usage without a fault", () => {
  const read = readOptions(["--help"]);
  assert.ok("usage" in read && !read.isFault);
});
