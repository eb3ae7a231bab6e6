import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A program that can be started: its words, and what its environment needs on top of ours. */
export interface Program {
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** A child process that is ready for work. */
export interface Running {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Asks with the given signal, waits up to `patienceMs`, then ends the process for certain. */
  end(signal: NodeJS.Signals, patienceMs: number): Promise<void>;
}

const works = (words: readonly string[]): boolean =>
  spawnSync(words[0] ?? "", words.slice(1), { stdio: "ignore" }).status === 0;

/**
 * The words to put before a command so that the kernel sends it `signal` when this process dies, by
 * whatever cause. Linux with util-linux only; elsewhere no words, and a kill -9 leaves the child.
 * The tie is to the thread that spawns, so spawn from the main thread.
 */
export const tether = (signal: string): string[] => {
  const words = ["setpriv", "--pdeathsig", signal, "--"];
  return process.platform === "linux" && works([...words, "true"]) ? words : [];
};

/** Whether a process with this number runs; a zombie does not. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return !startMark(pid).startsWith("Z");
};

/**
 * State letter and start time of a process, so that a number which the system gave to another
 * program is told apart. Empty where there is no /proc or no such process.
 */
export const startMark = (pid: number): string => {
  try {
    // The program's name, in brackets, may hold spaces: count from the last bracket on.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return `${fields[0] ?? ""} ${fields[19] ?? ""}`;
  } catch {
    return "";
  }
};

/** A TCP port of 127.0.0.1 that was free a moment ago; `wanted` when that one is. */
export const freePort = async (wanted = 0): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error) => {
      if (wanted === 0) reject(error);
      else resolve(freePort());
    });
    probe.listen({ host: "127.0.0.1", port: wanted, exclusive: true }, () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });

/** The port kept in `file` when it is free, otherwise another one, which is kept there from now on. */
export const keptPort = async (file: string): Promise<number> => {
  const kept = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  const port = await freePort(Number.isInteger(kept) && kept > 1023 && kept < 65_536 ? kept : 0);
  if (port !== kept) writeFileSync(file, String(port));
  return port;
};

/** Resolves when the child has ended, at once when it has already. */
export const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
};

const endProcess = async (
  child: ChildProcess,
  signal: NodeJS.Signals,
  patienceMs: number,
): Promise<void> => {
  child.kill(signal);
  const gone = ended(child);
  const patience = new AbortController();
  const late = sleep(patienceMs, "late", { signal: patience.signal }).catch(() => "cancelled");
  if ((await Promise.race([gone, late])) === "late") child.kill("SIGKILL");
  await gone;
  patience.abort();
};

/** The end of the log since `from`, for a message. */
const tail = (file: string): string => readFileSync(file, "utf8").slice(-4_000);

/**
 * Starts a program in the background, its output in `logFile` (started anew), and resolves when the
 * log holds `readyText`. Detached, so that a Ctrl-C in the terminal reaches only us and the server
 * drains before its stores stop. Throws with the end of the log when the program ends early or is
 * not ready within `patienceMs`; nothing runs then.
 */
export const launch = async (options: {
  program: Program;
  logFile: string;
  readyText: string;
  patienceMs?: number;
}): Promise<Running> => {
  const { program, logFile, readyText, patienceMs = 30_000 } = options;
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, "w", 0o600);
  const child = spawn(program.words[0] ?? "", program.words.slice(1), {
    stdio: ["ignore", log, log],
    detached: true,
    env: { ...process.env, ...program.environment },
  });
  closeSync(log);
  let failure = "";
  child.once("error", (error) => (failure = error.message));
  const deadline = performance.now() + patienceMs;
  while (!readFileSync(logFile, "utf8").includes(readyText)) {
    if (failure !== "" || child.exitCode !== null || child.signalCode !== null) {
      const end = failure || `ended with ${child.exitCode ?? child.signalCode}`;
      throw new Error(`${program.words.join(" ")}: ${end}\n${tail(logFile)}`);
    }
    if (performance.now() > deadline) {
      await endProcess(child, "SIGKILL", 0);
      throw new Error(`${program.words.join(" ")}: not ready in time\n${tail(logFile)}`);
    }
    await sleep(10);
  }
  child.unref();
  return {
    pid: child.pid ?? 0,
    child,
    end: (signal, waitMs) => endProcess(child, signal, waitMs),
  };
};
