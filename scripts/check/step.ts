import { spawn } from "node:child_process";
import { once } from "node:events";

/** The result of a step: no fault, or every fault that it found. */
export interface Verdict {
  readonly faults: string;
  /** How much the step read: a check that reads nothing finds nothing either. */
  readonly extent?: string;
}

export interface Step {
  readonly name: string;
  run(): Promise<Verdict>;
}

/** Runs a Node program by its path. Returns its output and its exit code. */
export const runNode = async (
  root: string,
  args: readonly string[],
): Promise<{ output: string; code: number }> => {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
  });
  const parts: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (part: string) => parts.push(part));
  child.stderr.setEncoding("utf8").on("data", (part: string) => parts.push(part));
  const [code] = (await once(child, "close")) as [number | null];
  return { output: parts.join(""), code: code ?? 1 };
};

/** Returns a step that passes when the program exits with 0. */
export const programStep = (name: string, root: string, args: readonly string[]): Step => ({
  name,
  run: async () => {
    const { output, code } = await runNode(root, args);
    return { faults: code === 0 ? "" : output || `ended with ${code}` };
  },
});

const seconds = (startMs: number): string =>
  `${((performance.now() - startMs) / 1_000).toFixed(1)} s`;

const runStep = async (step: Step): Promise<boolean> => {
  const startMs = performance.now();
  let verdict: Verdict;
  try {
    verdict = await step.run();
  } catch (error) {
    verdict = { faults: error instanceof Error ? error.message : String(error) };
  }
  const passed = verdict.faults === "";
  const extent = verdict.extent === undefined ? "" : `  ${verdict.extent}`;
  console.log(`${passed ? "✔" : "✖"} ${step.name}  ${seconds(startMs)}${extent}`);
  if (!passed) console.log(verdict.faults.trimEnd().replaceAll(/^/gm, "    "));
  return passed;
};

/** Runs the steps, `concurrencyMax` at a time, prints each result, and returns the counts. */
export const runSteps = async (
  steps: readonly Step[],
  concurrencyMax: number,
): Promise<{ passed: number; failed: number }> => {
  const waiting = [...steps];
  const count = { passed: 0, failed: 0 };
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      count[(await runStep(step)) ? "passed" : "failed"]++;
    }
  };
  await Promise.all(Array.from({ length: concurrencyMax }, work));
  return count;
};
