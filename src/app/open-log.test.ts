import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "../..");
const linesMany = 4_000;

/** Runs a program that writes many lines, more than a pipe holds, and then does `last`. */
const logging = (last: string) => {
  const text = `
    const { openLog } = await import("./src/app/open-log.ts");
    const log = openLog("info");
    for (let n = 1; n <= ${linesMany}; n += 1) log.info({ n, text: "x".repeat(100) }, "a line");
    process.stdout.write("went on\\n");
    ${last}`;
  return spawn(process.execPath, ["--input-type=module", "-e", text], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
};

const read = async (stream: AsyncIterable<Buffer>): Promise<string> => {
  let text = "";
  for await (const piece of stream) text += piece.toString("utf8");
  return text;
};

const endings = {
  "an exit": "process.exit(3);",
  "an error that nothing catches": 'throw new Error("fatal");',
  "the end of its work": "",
};
for (const [title, last] of Object.entries(endings)) {
  test(`a program ends by ${title}: each line of its log is written`, async () => {
    const child = logging(last);
    const said = await read(child.stderr);
    const lines = said.split("\n").filter((line) => line.startsWith("{"));
    assert.equal(lines.length, linesMany);
    assert.equal((JSON.parse(lines.at(-1) ?? "") as { n: number }).n, linesMany);
    for (const line of lines.slice(0, 2)) {
      const { instance, version } = JSON.parse(line) as Record<string, string>;
      assert.match(instance ?? "", new RegExp(`.:${child.pid}$`));
      assert.match(version ?? "", /^\d+\.\d+\.\d+/);
    }
    if (last.startsWith("throw")) assert.match(said, /Error: fatal/);
  });
}

test("a reader of the log that stands still does not stop the program", async () => {
  const child = logging("");
  child.stderr.pause();
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  assert.equal(said.toString("utf8"), "went on\n");
  assert.match(await read(child.stderr), /"n":4000/);
});
