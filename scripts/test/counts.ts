import type { TestEvent } from "node:test/reporters";

/** The result of one run of node:test. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A reporter of node:test that writes the counts of the run as one line of JSON. */
export default async function* counts(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    // The runner sends a summary of each file, and one without a file of the whole run.
    if (event.type !== "test:summary" || event.data.file !== undefined) continue;
    const { tests, passed, skipped, todo } = event.data.counts;
    const failed = tests - passed - skipped - todo; // Includes cancelled tests.
    const result: Counts = { passed, failed, skipped: skipped + todo };
    yield `${JSON.stringify(result)}\n`;
  }
}
