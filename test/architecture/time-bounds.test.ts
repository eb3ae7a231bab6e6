import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

// Goal: no test fails because the machine is slow or busy. A test waits for a condition with `eventually`,
// proves "at once" with `atOnce` or by the order of two events, and compares a promised time with
// `assertWithin`, which adds what the machine may add.

const root = join(import.meta.dirname, "../..");
/** An assertion that compares an elapsed time with a number of milliseconds. */
const bound =
  /assert(?:\.ok)?\((?:(?!;\n)[^])*?(?:performance\.now\(\) - \w+|\w*[tT]ookMs|latencyMs\([^)]*\)\)?)\)*\s*<=?\s*[\d_]+\s*[,)&]/g;

const boundsIn = (text: string): string[] => [...text.matchAll(bound)].map(([found]) => found);

test("no test compares an elapsed time with a fixed number of milliseconds", () => {
  const files = globSync("{src,sdk,web,test,bench}/**/*.{test,contract}.ts", {
    cwd: root,
    exclude: ["**/node_modules/**", "test/architecture/time-bounds.test.ts"],
  });
  assert.ok(files.length > 150, `only ${files.length} files`);
  const found = files.flatMap((file) =>
    boundsIn(readFileSync(join(root, file), "utf8")).map((text) => `${file}: ${text}`),
  );
  assert.deepEqual(found, []);
});

for (const planted of [
  "assert.ok(performance.now() - startedMs < 1000);",
  "assert.ok(tookMs > 250 && tookMs < 900, `${tookMs} ms`);",
  "assert.ok(latencyMs(answer) < 3_000);",
  "assert.ok(turnTookMs <= 700);",
])
  test(`a fixed bound is found: ${planted}`, () => assert.equal(boundsIn(planted).length, 1));

test("a bound that grows with the machine's own figure is allowed", () => {
  for (const allowed of [
    'assertWithin(tookMs, 1_000, "it");',
    "assert.ok(performance.now() - startedMs < callsCount * acquireTimeoutMs);",
    "assert.ok(tookMs > 250);",
  ])
    assert.deepEqual(boundsIn(allowed), []);
});
