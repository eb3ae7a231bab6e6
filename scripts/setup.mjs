// Runs before `npm start`, `npm test` and `npm run check`. Installs the packages of package-lock.json, with
// Node 24 and PostgreSQL, and does nothing (30 ms) when they are installed. Runs on the machine's own Node (20
// or later), before any package is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const binaries = join(root, "node_modules", ".bin");
const stamp = join(root, "node_modules", ".setup"); // `npm ci` deletes it with the folder.
const lock = join(root, ".data", "setup.lock");
const nodeMajorMin = 24;

const fail = (message) => {
  process.stderr.write(`\n${message}\n\n`);
  process.exit(1);
};

const wanted = () => {
  const about = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const parts = ["dependencies", "devDependencies", "optionalDependencies", "overrides"];
  const hash = createHash("sha256");
  hash.update(JSON.stringify(parts.map((part) => about[part] ?? null)));
  hash.update(readFileSync(join(root, "package-lock.json")));
  return `${hash.digest("hex")} ${process.platform}-${process.arch}`;
};

const isReady = () => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted();

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
};

const pause = (milliseconds) =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

/** Whether the process that holds the lock has ended without releasing it. */
const isAbandoned = () => {
  try {
    const holder = Number(readFileSync(join(lock, "pid"), "utf8"));
    if (holder > 0) return !isAlive(holder);
  } catch {
    // The holder has made the folder and not yet written its pid, or died between the two.
  }
  try {
    return Date.now() - statSync(lock).mtimeMs > 5_000;
  } catch {
    return false; // The lock was released just now.
  }
};

/** Two starts in the same fresh copy take turns; the second one finds the packages installed. */
const withLock = (work) => {
  mkdirSync(dirname(lock), { recursive: true });
  for (let isWaiting = false; ; pause(100)) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (isAbandoned()) {
        const stale = `${lock}-${process.pid}`;
        try {
          renameSync(lock, stale); // Only one of several waiting processes succeeds.
          rmSync(stale, { recursive: true, force: true });
        } catch {
          // Another process was faster.
        }
      } else if (!isWaiting) {
        isWaiting = true;
        process.stderr.write("Waiting for another set-up of this copy to finish …\n");
      }
    }
  }
  writeFileSync(join(lock, "pid"), String(process.pid));
  try {
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
};

const install = () => {
  if (isReady()) return 0;
  process.stderr.write("Installing packages, once (about 20 s) …\n");
  // The Node of npm: on a later run ours lies in the folder that `npm ci` deletes.
  const npm = process.env.npm_execpath;
  const node = process.env.npm_node_execpath ?? process.execPath;
  const words = npm === undefined ? ["npm"] : [node, npm];
  // No package needs its install script. In .npmrc the flag would turn off prestart too.
  const flags = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const options = { cwd: root, stdio: ["ignore", 2, 2] };
  const result = spawnSync(words[0], [...words.slice(1), ...flags], options);
  if (result.error !== undefined) process.stderr.write(`${result.error.message}\n`);
  if (result.status === 0) writeFileSync(stamp, wanted()); // Written last, so that a failed install is repeated.
  return result.status ?? 1;
};

const checkNode = () => {
  const path = `${binaries}${delimiter}${process.env.PATH ?? ""}`;
  const options = { encoding: "utf8", env: { ...process.env, PATH: path } };
  const version = spawnSync("node", ["--version"], options).stdout ?? "";
  if (Number(/^v(\d+)/.exec(version)?.[1] ?? 0) >= nodeMajorMin) return;
  fail(
    `Frontrow needs Node ${nodeMajorMin} or later, and found ${version.trim() || "no Node"}.\n` +
      `There is no packaged Node for ${process.platform}-${process.arch}, or it does not run here.\n` +
      "Install Node from https://nodejs.org and start again.",
  );
};

if (!isReady()) {
  const status = withLock(install);
  if (status !== 0) {
    fail(
      "Installing packages failed; npm's message is above. Frontrow needs npm and, the first\n" +
        "time, the network. A later start repeats the installation.",
    );
  }
  checkNode();
}
