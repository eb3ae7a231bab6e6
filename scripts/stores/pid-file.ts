import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isAlive, processState } from "./process.ts";

/** A process. The start time tells it from a later process with the same pid. */
interface Owner {
  readonly pid: number;
  readonly startTime: string;
}

const startTimeOf = (pid: number): string => processState(pid).split(" ")[1] ?? "";

const read = (file: string): { text: string; owner: Owner } | null => {
  try {
    const text = readFileSync(file, "utf8");
    return { text, owner: JSON.parse(text) as Owner };
  } catch {
    return null; // There is no file, or a crash of the machine has truncated it.
  }
};

const isRunning = ({ pid, startTime }: Owner): boolean =>
  isAlive(pid) && startTimeOf(pid) === startTime;

/** Returns the pid in `file` when that process still runs, else null. */
export const readRunningPid = (file: string): number | null => {
  const found = read(file);
  return found !== null && isRunning(found.owner) ? found.owner.pid : null;
};

/** Writes the pid and its start time into `file`. */
export const writePidFile = (file: string, pid: number): void => {
  const owner: Owner = { pid, startTime: startTimeOf(pid) };
  writeFileSync(file, JSON.stringify(owner));
};

/**
 * Takes the lock that `file` stands for. Returns null when this process holds it now, else the pid of the
 * running process that holds it. The lock of a dead process is taken over; of several callers one succeeds.
 */
export const acquirePidFile = (file: string): number | null => {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}-${process.pid}`;
  writePidFile(draft, process.pid);
  try {
    for (;;) {
      try {
        linkSync(draft, file); // Atomic: the file appears with its content, and the call fails when it exists.
        return null;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const found = read(file);
      if (found !== null && isRunning(found.owner)) return found.owner.pid;
      const aside = `${draft}-stale`;
      try {
        renameSync(file, aside);
        // Another process may have taken the lock between the read and the rename: put its file back.
        if (read(aside)?.text !== found?.text) linkSync(aside, file);
      } catch {
        // Another process was faster: read again.
      }
      rmSync(aside, { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }
};

/** Releases the lock when this process holds it. */
export const releasePidFile = (file: string): void => {
  if (read(file)?.owner.pid === process.pid) rmSync(file, { force: true });
};
