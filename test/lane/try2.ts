import { connect } from "node:net";
import { readRequest } from "#platform/http/lane/grammar.ts";
import { sampleServer } from "#test/support/sample-server.ts";
for (const lane of [false, true]) {
  const s = await sampleServer(lane ? { fastLane: readRequest } : {});
  s.server.server.on("clientError", (e: Error) => console.log("clientError", e));
  await s.server.listen({ port: 0, host: "127.0.0.1" });
  const port = (s.server.server.address() as { port: number }).port;
  const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));
  for (const pieces of [
    ["GET /heal", "thz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"],
    ["GET /healthz HTTP/1.1\r\nHost: aé\r\nConnection: close\r\n\r\n"],
    ["GET /heal", "thz HTTP/1.1\r\nHost: aé\r\nConnection: close\r\n\r\n"],
    [
      "POST /api/v1/users HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\nContent-Le",
      "ngth: 2\r\n\r\n",
      "{}",
      "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    ],
    [
      "POST /api/v1/reservations HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
      "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    ],
  ]) {
    const c = connect(port, "127.0.0.1");
    let t = "";
    c.on("data", (d) => (t += d));
    c.on("error", (e) => console.log(e.message));
    const closed = new Promise((r) => c.on("close", r));
    for (const p of pieces) {
      c.write(p);
      await sleep(50);
    }
    await Promise.race([closed, sleep(500)]);
    console.log(
      lane,
      JSON.stringify(pieces[0]).slice(0, 40),
      JSON.stringify([...t.matchAll(/HTTP.1.1 .../g)].map(String)),
    );
  }
  await s.server.close();
}
