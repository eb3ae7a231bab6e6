import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isAlive, startMark } from "./process.ts";

/** A process, told apart from a later one that was given the same number. */
interface Owner {
  readonly pid: number;
  readonly mark: string;
}

/** State and start time; the state changes from moment to moment, so only the time counts. */
const timeOf = (pid: number): string => startMark(pid).split(" ")[1] ?? "";

const read = (file: string): { text: string; owner: Owner } | null => {
  try {
    const text = readFileSync(file, "utf8");
    return { text, owner: JSON.parse(text) as Owner };
  } catch {
    return null; // It has no owner, or a crash of the machine cut it off.
  }
};

const lives = ({ pid, mark }: Owner): boolean => isAlive(pid) && timeOf(pid) === mark;

/** The running process that `file` names, or null. */
export const ownerOf = (file: string): number | null => {
  const found = read(file);
  return found !== null && lives(found.owner) ? found.owner.pid : null;
};

/** Notes in `file` that the process is at work. */
export const note = (file: string, pid: number): void => {
  const owner: Owner = { pid, mark: timeOf(pid) };
  writeFileSync(file, JSON.stringify(owner));
};

/**
 * Makes this process the owner of what `file` stands for. Null when it is now, otherwise the process
 * that is and still runs. A dead owner's claim is taken over; of several that try, one succeeds.
 */
export const claim = (file: string): number | null => {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}-${process.pid}`;
  note(draft, process.pid);
  try {
    for (;;) {
      try {
        linkSync(draft, file); // Appears with its content, and fails when there is one.
        return null;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const found = read(file);
      if (found !== null && lives(found.owner)) return found.owner.pid;
      const aside = `${draft}-stale`;
      try {
        renameSync(file, aside);
        // Between our look and our grasp another one may have taken over: give that one back.
        if (read(aside)?.text !== found?.text) linkSync(aside, file);
      } catch {
        // Another one was faster; look again.
      }
      rmSync(aside, { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }
};

/** Gives up a claim of this process; another one's stays. */
export const release = (file: string): void => {
  if (read(file)?.owner.pid === process.pid) rmSync(file, { force: true });
};
