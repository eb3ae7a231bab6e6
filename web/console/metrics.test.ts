import assert from "node:assert/strict";
import { test } from "node:test";
import { between, readMetrics } from "./metrics.ts";

const polls = 'method="GET",route="/api/v1/polls",status="200"';
const stream = 'method="GET",route="/api/v1/queue/tokens/me/events",status="200"';

const text = (counts: { fast: number; slow: number; errors?: number; shed?: number }): string => {
  const { fast, slow, errors = 0, shed = 0 } = counts;
  const name = "http_request_duration_seconds";
  return `# HELP process_start_time_seconds x
process_start_time_seconds 1700
${name}_bucket{le="0.005",${polls}} ${fast}
${name}_bucket{le="0.5",${polls}} ${fast + slow}
${name}_bucket{le="+Inf",${polls}} ${fast + slow}
${name}_count{${polls}} ${fast + slow}
${name}_bucket{le="0.005",${stream}} 0
${name}_bucket{le="0.5",${stream}} 0
${name}_bucket{le="+Inf",${stream}} 900
${name}_count{${stream}} 900
${name}_count{method="GET",route="/x",status="500"} ${errors}
${name}_count{method="GET",route="/x",status="503"} 7
http_requests_shed_total{reason="in-flight"} ${shed}
http_requests_shed_total{reason="deadline"} 1
sale_outbox_waiting 3
`;
};

test("metrics are parsed, and the duration of a stream counts as no answer", () => {
  const counters = readMetrics(text({ fast: 90, slow: 10, errors: 2, shed: 4 }));
  assert.deepEqual(counters, {
    startedAt: 1_700,
    answers: 109,
    within: [
      [0.005, 90],
      [0.5, 100],
      [Infinity, 100],
    ],
    errors: 9,
    shed: 5,
    outboxWaiting: 3,
  });
});

test("recent figures are the difference of two readings", () => {
  const before = readMetrics(text({ fast: 0, slow: 5_000, errors: 3, shed: 10 }));
  const after = readMetrics(text({ fast: 180, slow: 5_020, errors: 4, shed: 30 }));
  assert.deepEqual(between(before, after, 20), {
    requestsASecond: 201 / 20,
    halfMs: 5,
    p95Ms: 500,
    errors: 1,
    shed: 20,
  });
});

test("two processes, no time between readings, and no answers give no figures", () => {
  const one = readMetrics(text({ fast: 1, slow: 1 }));
  assert.equal(between({ ...one, startedAt: 1 }, one, 20), null);
  assert.equal(between(one, one, 0), null);
  assert.deepEqual([between(one, one, 5)?.halfMs, between(one, one, 5)?.p95Ms], [null, null]);
});
