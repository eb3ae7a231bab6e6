import { readdirSync, readFileSync } from "node:fs";

/** A process whose CPU time and memory are watched during a measurement. */
export interface Watched {
  readonly name: string;
  readonly pid: number;
  /** Its living and ended children count too: a database with a process for each connection. */
  readonly tree?: boolean;
}

/** CPU seconds that a process has used so far, and its main thread alone. */
export interface CpuUse {
  readonly totalMs: number;
  readonly mainThreadMs: number;
}

/** The kernel counts in hundredths of a second on every Linux that Node runs on. */
const tickMs = 10;

export interface Stat {
  readonly parent: number;
  readonly ownMs: number;
  /** Of children that have ended and were waited for. */
  readonly endedChildrenMs: number;
}

/** Reads a line of /proc/PID/stat. */
export const parseStat = (line: string): Stat => {
  // The program's name, in brackets, may hold spaces: count from the last bracket on.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const at = (field: number): number => Number(fields[field - 3]);
  return {
    parent: at(4),
    ownMs: (at(14) + at(15)) * tickMs,
    endedChildrenMs: (at(16) + at(17)) * tickMs,
  };
};

const read = (path: string): string => {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
};

/** CPU time of one thread in ms, in nanosecond steps where the kernel tells them. */
const threadMs = (pid: number, thread: number): number | null => {
  const nanoseconds = Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(" ")[0]);
  return Number.isFinite(nanoseconds) && nanoseconds > 0 ? nanoseconds / 1e6 : null;
};

interface Child {
  readonly pid: number;
  readonly ownMs: number;
}

const childrenOf = (pid: number): Child[] =>
  readdirSync("/proc").flatMap((name) => {
    const line = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : "";
    const stat = line === "" ? null : parseStat(line);
    return stat?.parent === pid ? [{ pid: Number(name), ownMs: stat.ownMs }] : [];
  });

/** The CPU time that a process has used so far; zeros where there is no /proc or no such process. */
export const cpuUse = ({ pid, tree = false }: Watched): CpuUse => {
  const line = read(`/proc/${pid}/stat`);
  if (line === "") return { totalMs: 0, mainThreadMs: 0 };
  const stat = parseStat(line);
  const childrenMs = tree ? childrenOf(pid).reduce((sum, { ownMs }) => sum + ownMs, 0) : 0;
  const family = tree ? stat.endedChildrenMs + childrenMs : 0;
  return { totalMs: stat.ownMs + family, mainThreadMs: threadMs(pid, pid) ?? stat.ownMs };
};

/** A line of a file of the kernel that counts kilobytes, in bytes; 0 where there is none. */
const bytesIn = (text: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0) * 1024;

/** Resident memory in bytes. */
export const residentBytes = (pid: number): number => bytesIn(read(`/proc/${pid}/status`), "VmRSS");

/**
 * Resident memory in bytes. Of a tree, the sum over its processes of their proportional sets: a page that several
 * processes share, such as one of PostgreSQL's buffers, counts once. 0 where the system does not tell it.
 */
export const memoryOf = ({ pid, tree = false }: Watched): number =>
  tree
    ? [pid, ...childrenOf(pid).map((child) => child.pid)].reduce(
        (sum, one) => sum + bytesIn(read(`/proc/${one}/smaps_rollup`), "Pss"),
        0,
      )
    : residentBytes(pid);

/** Time that all cores have spent idle so far (waiting for a disk is not idle), and in all. */
export const machineTimes = (): { idleMs: number; stolenMs: number } => {
  const fields = read("/proc/stat").split("\n")[0]?.trim().split(/\s+/).slice(1).map(Number) ?? [];
  return { idleMs: (fields[3] ?? 0) * tickMs, stolenMs: (fields[7] ?? 0) * tickMs };
};

/** The number of files that a process may open, which Node raises by itself; Infinity where no limit is given. */
export const filesMax = (limits: string): number => {
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1];
  return hard === undefined || hard === "unlimited" ? Infinity : Number(hard);
};

/** Throws when a process may not have `count` files and connections open. */
export const assertFilesMayOpen = (count: number): void => {
  const most = filesMax(read("/proc/self/limits"));
  if (most < count)
    throw new Error(`a process may open ${most} files, ${count} are needed: raise ulimit -Hn`);
};
