import type { TestEvent } from "node:test/reporters";

/** The result of one run of node:test. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A reporter for node:test that writes the run's counts as one line of JSON. */
export default async function* counts(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    // The runner sends one summary a file and, without a file, one for the whole run.
    if (event.type !== "test:summary" || event.data.file !== undefined) continue;
    const { tests, passed, skipped, todo } = event.data.counts;
    const failed = tests - passed - skipped - todo; // Cancelled ones are among them.
    const result: Counts = { passed, failed, skipped: skipped + todo };
    yield `${JSON.stringify(result)}\n`;
  }
}
