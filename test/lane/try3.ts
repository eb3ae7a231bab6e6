import { connect } from "node:net";
import { readRequest } from "#platform/http/lane/grammar.ts";
import { sampleServer } from "#test/support/sample-server.ts";
import { drawFrom, streamOf } from "./byte-streams.ts";
const pieces = streamOf(drawFrom(Number(process.argv[2])));
const s = await sampleServer(process.argv[3] === "lane" ? { fastLane: readRequest } : {});
s.server.server.on("clientError", (e: Error) => console.log("clientError", e));
await s.server.listen({ port: 0, host: "127.0.0.1" });
const port = (s.server.server.address() as { port: number }).port;
const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));
s.server.server.prependListener("request", (q, r) => {
  console.log("request", q.url);
  r.on("close", () => console.log("answered", r.statusCode));
});
const c = connect(port, "127.0.0.1");
let t = "";
c.on("data", (d) => (t += d));
c.on("error", (e) => console.log(e.message));
for (const p of pieces) {
  console.log("send", JSON.stringify(p.toString("latin1")));
  c.write(p);
  await sleep(50);
}
await sleep(500);
console.log(JSON.stringify([...t.matchAll(/HTTP.1.1 .../g)].map(String)));
await s.server.close();
