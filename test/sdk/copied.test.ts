import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const sdk = join(import.meta.dirname, "../../sdk");

test("the client works in another folder with nothing installed", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "frontrow-copy-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const name of readdirSync(sdk)) {
    if (!name.endsWith(".test.ts"))
      cpSync(join(sdk, name), join(folder, "sdk", name), { recursive: true });
  }
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ items: [{ title: "Proof" }], nextCursor: null }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const program = `
    import { createClient, listConcerts } from "./sdk/index.ts";
    const result = await createClient({ url: ${JSON.stringify(url)} }).call(listConcerts, {});
    console.log(result.ok && result.value.items[0].title);`;
  writeFileSync(join(folder, "main.mjs"), program);
  const { stdout } = await promisify(execFile)(process.execPath, ["main.mjs"], { cwd: folder });
  assert.equal(stdout, "Proof\n");
});
