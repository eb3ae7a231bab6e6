import assert from "node:assert/strict";
import perfHooks from "node:perf_hooks";
import { test } from "node:test";
import { createMeters } from "./metrics.ts";

test("durations of a route are counted by status in cumulative buckets", async () => {
  const meters = createMeters({ ofProcess: false });
  const route = meters.http.route("GET", "/a/{id}");
  route.observe(200, 0.0005);
  route.observe(200, 0.001);
  route.observe(200, 0.3);
  route.observe(503, 60);
  const text = await meters.text();
  const value = (status: number, rest: string): string | undefined =>
    new RegExp(
      `http_request_duration_seconds_${rest.replace("{", `\\{method="GET",route="/a/\\{id\\}",status="${status}"`)} (\\S+)`,
    ).exec(text)?.[1];
  assert.equal(value(200, 'bucket{,le="0.001"}'), "2");
  assert.equal(value(200, 'bucket{,le="0.25"}'), "2");
  assert.equal(value(200, 'bucket{,le="0.5"}'), "3");
  assert.equal(value(200, 'bucket{,le="\\+Inf"}'), "3");
  assert.equal(value(200, "count{}"), "3");
  assert.equal(value(503, 'bucket{,le="5"}'), "0");
  assert.equal(value(503, 'bucket{,le="\\+Inf"}'), "1");
  assert.equal(value(503, "sum{}"), "60");
  assert.match(text, /# TYPE http_request_duration_seconds histogram/);
});

test("requests in flight, open streams and shed requests are exported", async () => {
  const meters = createMeters({ ofProcess: false });
  meters.http.live.requests = 3;
  meters.http.live.streams = 2;
  meters.http.shed("in-flight");
  const text = await meters.text();
  assert.match(text, /^http_requests_in_flight 3$/m);
  assert.match(text, /^http_streams_open 2$/m);
  assert.match(text, /^http_requests_shed_total\{reason="in-flight"\} 1$/m);
});

test("features register counters, gauges and histograms, each name once", async () => {
  const meters = createMeters({ ofProcess: false });
  const sold = meters.counter({ name: "seats_sold_total", help: "x", labelNames: ["grade"] });
  sold.inc({ grade: "R" }, 2);
  meters.gauge({ name: "waiting", help: "x" }).set(5);
  meters.histogram({ name: "batch_size", help: "x", buckets: [1, 10] }).observe(3);
  const text = await meters.text();
  assert.match(text, /^seats_sold_total\{grade="R"\} 2$/m);
  assert.match(text, /^waiting 5$/m);
  assert.match(text, /^batch_size_bucket\{le="10"\} 1$/m);
  assert.throws(() => meters.gauge({ name: "waiting", help: "x" }));
});

test("the metrics of the process are exported, and two registries are independent", async () => {
  const meters = createMeters();
  const text = await meters.text();
  for (const name of ["nodejs_eventloop_lag_seconds", "process_cpu_seconds_total"]) {
    assert.ok(text.includes(name), name);
  }
  meters.close();
  createMeters({ ofProcess: false }).gauge({ name: "waiting", help: "x" });
});

test("the eight figures of the event loop's lag are exported, each once", async () => {
  const meters = createMeters();
  const names = [...(await meters.text()).matchAll(/^nodejs_eventloop_lag\S* /gm)].map(([name]) =>
    name.trim(),
  );
  meters.close();
  const kinds = ["max", "mean", "min", "p50", "p90", "p99", "stddev"];
  const expected = kinds.map((kind) => `nodejs_eventloop_lag_${kind}_seconds`);
  assert.deepEqual(names.sort(), [...expected, "nodejs_eventloop_lag_seconds"].sort());
});

test("observing the event loop wakes an idle process at most ten times a second, and ends", (t) => {
  const observing = t.mock.method(perfHooks, "monitorEventLoopDelay");
  createMeters().close();
  const perSecond = observing.mock.calls.map(
    ({ arguments: [options] }) => 1_000 / (options?.resolution ?? 10),
  );
  assert.ok(perSecond.reduce((sum, one) => sum + one, 0) <= 10.1, String(perSecond));
  assert.equal(observing.mock.calls.at(-1)?.result?.disable(), false, "it is disabled already");
});
