import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A command with its arguments, and the variables that it needs besides our own environment. */
export interface Program {
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** A child process that is ready. */
export interface Running {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Sends the signal, waits at most `timeoutMs`, then sends SIGKILL. Resolves when the process has ended. */
  end(signal: NodeJS.Signals, timeoutMs: number): Promise<void>;
}

const succeeds = (words: readonly string[]): boolean =>
  spawnSync(words[0] ?? "", words.slice(1), { stdio: "ignore" }).status === 0;

/** Returns the path of the first program with one of these names, or undefined. */
export const findOnPath = (...names: readonly string[]): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    // The PATH of an ordinary user may lack the system folders.
    .concat("/usr/sbin", "/usr/local/bin", "/opt/homebrew/bin")
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });

/**
 * Returns the words to put before a command, so that the kernel sends it `signal` when this process dies of
 * any cause. Only on Linux with util-linux; elsewhere it returns none, and a `kill -9` leaves the child
 * running. The kernel watches the thread that spawns, so the caller must spawn from the main thread.
 */
export const dieWithParent = (signal: string): string[] => {
  const words = ["setpriv", "--pdeathsig", signal, "--"];
  return process.platform === "linux" && succeeds([...words, "true"]) ? words : [];
};

/** Whether a process with this pid runs. A zombie does not run. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return !processState(pid).startsWith("Z");
};

/**
 * Returns the state letter and the start time of a process; a reused pid has another start time. Empty
 * without /proc, and when there is no such process.
 */
export const processState = (pid: number): string => {
  try {
    // The name of the program, in parentheses, may hold spaces: count from the last parenthesis.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return `${fields[0] ?? ""} ${fields[19] ?? ""}`;
  } catch {
    return "";
  }
};

/** Returns a TCP port of 127.0.0.1 that is free now; `wanted` when that one is free. */
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

/** Returns the port in `file` when it is free. Else it returns another free port and writes it there. */
export const persistentPort = async (file: string): Promise<number> => {
  const kept = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  const port = await freePort(Number.isInteger(kept) && kept > 1023 && kept < 65_536 ? kept : 0);
  if (port !== kept) writeFileSync(file, String(port));
  return port;
};

/** Resolves when the child process has ended. */
export const waitForExit = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
};

const endProcess = async (
  child: ChildProcess,
  signal: NodeJS.Signals,
  timeoutMs: number,
): Promise<void> => {
  child.kill(signal);
  const gone = waitForExit(child);
  const timeout = new AbortController();
  const late = sleep(timeoutMs, "late", { signal: timeout.signal }).catch(() => "cancelled");
  if ((await Promise.race([gone, late])) === "late") child.kill("SIGKILL");
  await gone;
  timeout.abort();
};

/** The end of a log, for an error message. */
const tail = (file: string): string => readFileSync(file, "utf8").slice(-4_000);

/**
 * Starts a program in the background, with its output in a new `logFile`, and resolves when the log holds
 * `readyText`. The program has a process group of its own: a Ctrl-C in the terminal reaches only this
 * process, and the server drains before its stores stop.
 *
 * Throws with the end of the log when the program ends early, or is not ready within `timeoutMs`; then it
 * does not run any more.
 */
export const launch = async (options: {
  program: Program;
  logFile: string;
  readyText: string;
  timeoutMs?: number;
}): Promise<Running> => {
  const { program, logFile, readyText, timeoutMs = 30_000 } = options;
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
  const deadline = performance.now() + timeoutMs;
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
