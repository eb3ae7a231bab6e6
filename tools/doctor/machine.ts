import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statfsSync, statSync } from "node:fs";
import { freemem } from "node:os";
import { dirname, join } from "node:path";
import { postgresPrograms } from "../../scripts/stores/postgres.ts";
import { findOnPath } from "../../scripts/stores/process.ts";
import { fault, ok, warning, type Finding } from "./finding.ts";

const nodeMajorMin = 24;
const filesWanted = 8_192;
const filesMin = 1_024;
const diskWantedBytes = 2 ** 30;
const diskMinBytes = 100 * 2 ** 20;
/** A busy instance uses about 150 MB. */
const memoryEachBytes = 200 * 2 ** 20;

/** Checks a version such as `v24.4.0`. */
export const checkNode = (version: string): Finding =>
  Number(/^v?(\d+)/.exec(version)?.[1] ?? 0) >= nodeMajorMin
    ? ok(`Node ${version}`)
    : fault(`Node ${version}`, `Frontrow needs Node ${nodeMajorMin} or later; npm ci brings one.`);

export const checkFiles = (softLimit: number | null): Finding => {
  if (softLimit === null) return ok("no limit of open files known");
  const fact = `${softLimit} open files allowed`;
  const fix = "Raise it (ulimit -n 65536, LimitNOFILE=65536): each waiting browser needs one.";
  if (softLimit < filesMin) return fault(fact, fix);
  return softLimit < filesWanted ? warning(fact, fix) : ok(fact);
};

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;

export const checkDisk = (folder: string, freeBytes: number): Finding => {
  const fact = `${gigabytes(freeBytes)} free for ${folder}`;
  const fix = "Free disk space: a full disk stops PostgreSQL and the sale.";
  if (freeBytes < diskMinBytes) return fault(fact, fix);
  return freeBytes < diskWantedBytes ? warning(fact, fix) : ok(fact);
};

export const checkMemory = (freeBytes: number, instances: number): Finding => {
  const fact = `${gigabytes(freeBytes)} of memory free for ${instances} instance(s)`;
  return freeBytes < instances * memoryEachBytes
    ? warning(fact, "An instance uses about 150 MB, and more with many open streams.")
    : ok(fact);
};

/** Checks the clock of a store: `skewMs` is its time minus ours. */
export const checkClock = (store: string, skewMs: number): Finding => {
  const rounded = Math.round(Math.abs(skewMs));
  const fact = `the clock of ${store} is ${rounded} ms ${skewMs < 0 ? "behind" : "ahead of"} this machine's`;
  const fix = "Synchronise both clocks by NTP (chronyd, systemd-timesyncd).";
  if (rounded > 1_000) return fault(fact, fix);
  return rounded > 100 ? warning(fact, fix) : ok(fact);
};

/** Returns the limit of open files of this process; null where the system does not report it. */
export const readFilesLimit = (): number | null => {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8");
    const soft = /^Max open files\s+(\d+|unlimited)/m.exec(limits)?.[1];
    return soft === undefined || soft === "unlimited" ? null : Number(soft);
  } catch {
    return null;
  }
};

/** Returns the free bytes on the disk of the folder, which need not exist yet. */
export const readDiskFree = (folder: string): number => {
  let existing = folder;
  while (!existsSync(existing) && existing !== dirname(existing)) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  return bavail * bsize;
};

export const readMemoryFree = (): number => {
  try {
    const found = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync("/proc/meminfo", "utf8"));
    return found === null ? freemem() : Number(found[1]) * 1024;
  } catch {
    return freemem();
  }
};

/** Whether another user may read the file. Unknown on Windows. */
export const isReadableByOthers = (file: string): boolean =>
  existsSync(file) && (statSync(file).mode & 0o044) !== 0;

/** Checks the programs that `npm start` and the tests start when no store is named. */
export const inspectPrograms = (needsPostgres: boolean, needsRedis: boolean): Finding[] => {
  const findings: Finding[] = [];
  if (needsPostgres) {
    try {
      const program = join(postgresPrograms(), "postgres");
      const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
      findings.push(ok(`for local use: ${stdout.trim() || "PostgreSQL"}, from npm's packages`));
    } catch {
      const fix = "Run npm ci, or set DATABASE_URL.";
      findings.push(fault("no PostgreSQL for local use", fix));
    }
  }
  if (needsRedis) {
    const program = findOnPath("redis-server", "valkey-server", "redis-check-rdb");
    findings.push(
      program === undefined
        ? warning(
            "no Redis for local use on PATH",
            "npm start downloads Debian's where it can; else install redis-server, or the queue is in memory.",
          )
        : ok(`for local use: ${program}`),
    );
  }
  const chromium =
    process.env["CHROMIUM"] ?? findOnPath("chromium", "chromium-browser", "google-chrome");
  findings.push(
    chromium === undefined
      ? ok("no Chromium: only the screenshots and the browser tests need one")
      : ok(`for screenshots and browser tests: ${chromium}`),
  );
  return findings;
};
