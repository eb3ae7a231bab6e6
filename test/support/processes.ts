import { readdirSync, readFileSync } from "node:fs";

const parentOf = (pid: number): number => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "");
    return Number(fields.split(" ")[1]);
  } catch {
    return 0;
  }
};

/** The live processes that this one has started. */
export const childrenOf = (pid: number): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => parentOf(one) === pid);

/** A process and all of its descendants. */
const treeOf = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(treeOf)];

/** Stops every process of a store (SIGSTOP), as a stalled disk or a paused machine does. */
export const suspend = (pid: number): void => {
  // The parent stops first, so that it starts no child during the search for its children.
  process.kill(pid, "SIGSTOP");
  for (const one of treeOf(pid)) process.kill(one, "SIGSTOP");
};

/** Continues every process of a store (SIGCONT). */
export const resume = (pid: number): void => {
  for (const one of treeOf(pid).reverse()) process.kill(one, "SIGCONT");
};
