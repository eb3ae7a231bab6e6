import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { startDeployment } from "#test/support/server.ts";

// The walk in each README is run as pasted, against a server with the demo sale on it. Only the
// address and the operator's key, which a reader would copy from the screen, are put in.

const root = join(import.meta.dirname, "../..");
const demoKey = "demo-operator-key-for-this-machine-only";
const deployment = await startDeployment({
  instances: 1,
  env: { DEMO_SEED: "true", OPERATOR_KEY: demoKey, NODE_ENV: "development" },
});
after(() => deployment[Symbol.asyncDispose]());

/** The shell blocks between the heading that speaks of a walk and the next heading of its level. */
const walkOf = (page: string): string => {
  const walk: string[] = [];
  let level = 0;
  let fence: string | null = null;
  for (const line of page.split("\n")) {
    const mark = /^```(\w*)/.exec(line);
    if (mark !== null) {
      fence = fence === null ? (mark[1] ?? "") : null;
      continue;
    }
    const depth = fence === null ? (/^(#+) /.exec(line)?.[1]?.length ?? 0) : 0;
    if (depth > 0 && level === 0) level = /walk|따라/i.test(line) ? depth : 0;
    else if (depth > 0 && depth <= level) break;
    if (level > 0 && (fence === "sh" || fence === "bash")) walk.push(line);
  }
  return walk.join("\n");
};

for (const name of globSync("README*.md", { cwd: root }))
  test(`the walk in ${name} works as pasted, from token to ticket`, () => {
    const url = deployment.instances[0]?.url ?? "";
    const script = walkOf(readFileSync(join(root, name), "utf8")).replaceAll(
      /http:\/\/(?:localhost|127\.0\.0\.1):3000/g,
      url,
    );
    assert.ok(script.includes("curl"), "the walk has no request");
    const ran = spawnSync("bash", ["-uo", "pipefail", "-c", script], {
      encoding: "utf8",
      timeout: 60_000,
    });
    const said = `${ran.stdout}\n${ran.stderr}`;
    assert.equal(ran.status, 0, said);
    assert.doesNotMatch(said, /problem\+json|"code":"[A-Z_]+"/, said);
    assert.match(said, /ticketId/, said);
  });
