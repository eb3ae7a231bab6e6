import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from "node:fs";
import { freemem } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { postgresPrograms } from "../../scripts/stores/postgres.ts";
import { fault, ok, warning, type Finding } from "./finding.ts";

const nodeMajorMin = 24;
const filesWanted = 8_192;
const filesMin = 1_024;
const diskWantedBytes = 2 ** 30;
const diskMinBytes = 100 * 2 ** 20;
/** An instance at work takes some 150 MB. */
const memoryEachBytes = 200 * 2 ** 20;

/** Of `v24.4.0`. */
export const judgeNode = (version: string): Finding =>
  Number(/^v?(\d+)/.exec(version)?.[1] ?? 0) >= nodeMajorMin
    ? ok(`Node ${version}`)
    : fault(`Node ${version}`, `Frontrow needs Node ${nodeMajorMin} or later; npm ci brings one.`);

export const judgeFiles = (softLimit: number | null): Finding => {
  if (softLimit === null) return ok("no limit of open files known");
  const what = `${softLimit} open files allowed`;
  const mend = "Raise it (ulimit -n 65536, LimitNOFILE=65536): each waiting browser holds one.";
  if (softLimit < filesMin) return fault(what, mend);
  return softLimit < filesWanted ? warning(what, mend) : ok(what);
};

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;

export const judgeDisk = (folder: string, freeBytes: number): Finding => {
  const what = `${gigabytes(freeBytes)} free for ${folder}`;
  const mend = "Make room: a full disk stops PostgreSQL, and with it the sale.";
  if (freeBytes < diskMinBytes) return fault(what, mend);
  return freeBytes < diskWantedBytes ? warning(what, mend) : ok(what);
};

export const judgeMemory = (freeBytes: number, instances: number): Finding => {
  const what = `${gigabytes(freeBytes)} of memory free for ${instances} instance(s)`;
  return freeBytes < instances * memoryEachBytes
    ? warning(what, "Each instance takes some 150 MB, and more with many open streams.")
    : ok(what);
};

/** Of another store's clock: its time minus ours. */
export const judgeClock = (whose: string, skewMs: number): Finding => {
  const rounded = Math.round(Math.abs(skewMs));
  const what = `the clock of ${whose} is ${rounded} ms ${skewMs < 0 ? "behind" : "ahead of"} this machine's`;
  const mend = "Let both keep their time by NTP (chronyd, systemd-timesyncd).";
  if (rounded > 1_000) return fault(what, mend);
  return rounded > 100 ? warning(what, mend) : ok(what);
};

/** The bound of open files of this process; null where the system does not tell. */
export const readFilesLimit = (): number | null => {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8");
    const soft = /^Max open files\s+(\d+|unlimited)/m.exec(limits)?.[1];
    return soft === undefined || soft === "unlimited" ? null : Number(soft);
  } catch {
    return null;
  }
};

/** The bytes that can still be written where the folder is, or will be made. */
export const readDiskFree = (folder: string): number => {
  let there = folder;
  while (!existsSync(there) && there !== dirname(there)) there = dirname(there);
  const { bavail, bsize } = statfsSync(there);
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

const findOnPath = (names: readonly string[]): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
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

/** The programs that \`npm start\` and the tests start by themselves where no store is named. */
export const examinePrograms = (needsPostgres: boolean, needsRedis: boolean): Finding[] => {
  const findings: Finding[] = [];
  if (needsPostgres) {
    try {
      const program = join(postgresPrograms(), "postgres");
      const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
      findings.push(ok(`for local use: ${stdout.trim() || "PostgreSQL"}, from npm's packages`));
    } catch {
      const mend = "Run npm ci, or set DATABASE_URL to a PostgreSQL of your own.";
      findings.push(fault("no PostgreSQL for local use", mend));
    }
  }
  if (needsRedis) {
    const program = findOnPath(["redis-server", "valkey-server", "redis-check-rdb"]);
    findings.push(
      program === undefined
        ? warning(
            "no Redis for local use on PATH",
            "npm start fetches Debian's where it can; else install redis-server, or the queue lives in memory.",
          )
        : ok(`for local use: ${program}`),
    );
  }
  const chromium =
    process.env["CHROMIUM"] ?? findOnPath(["chromium", "chromium-browser", "google-chrome"]);
  findings.push(
    chromium === undefined
      ? ok("no Chromium: only the pictures and the tests in a browser want one")
      : ok(`for pictures and tests in a browser: ${chromium}`),
  );
  return findings;
};
