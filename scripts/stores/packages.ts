import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";

const run = (command: string, args: readonly string[], cwd: string): string | null => {
  const result = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    timeout: 90_000,
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" },
  });
  return result.status === 0 ? result.stdout : null;
};

const networkLimits = ["-o", "Acquire::http::Timeout=15", "-o", "Acquire::Retries=1"];

/** Fetches apt's package lists into `folder`. Returns the options to use them, or null when it fails. */
const privateLists = (folder: string): string[] | null => {
  const state = join(folder, "state");
  const cache = join(folder, "cache");
  mkdirSync(join(state, "lists", "partial"), { recursive: true });
  mkdirSync(join(cache, "archives", "partial"), { recursive: true });
  writeFileSync(join(state, "status"), "");
  const kept = ["-o", `Dir::State::lists=${join(state, "lists")}`, "-o", `Dir::Cache=${cache}`];
  const where = [
    ...["-o", `Dir::State=${state}`, ...kept],
    ...["-o", `APT::Sandbox::User=${userInfo().username}`, "-o", "Acquire::Languages=none"],
  ];
  const emptyStatus = ["-o", `Dir::State::status=${join(state, "status")}`];
  const args = [...networkLimits, ...where, ...emptyStatus, "-q", "update"];
  if (run("apt-get", args, folder) === null) return null;
  // Without `emptyStatus`: the status of the system says which packages are missing.
  return kept;
};

/** Downloads the packages and their missing dependencies. Returns false when it fails. */
const download = (names: readonly string[], lists: readonly string[], into: string): boolean => {
  const plan = [...lists, "-s", "--no-install-recommends", "install", ...names];
  const missing = run("apt-get", plan, into)
    ?.split("\n")
    .flatMap((line) => /^Inst (\S+)/.exec(line)?.[1] ?? []);
  // apt plans no package that is installed, but the caller needs its files.
  const wanted = [...new Set([...(missing ?? []), ...names])];
  if (missing === undefined) return false;
  return run("apt-get", [...networkLimits, ...lists, "-q", "download", ...wanted], into) !== null;
};

/**
 * Unpacks Debian packages and their missing dependencies into `folder`, without root and without installing
 * them. The folder appears complete or not at all. Takes 1 to 5 s. Returns false where it cannot be done:
 * not a Debian, or no network.
 */
export const unpackPackages = (names: readonly string[], folder: string): boolean => {
  if (existsSync(folder)) return true;
  if (process.platform !== "linux") return false;
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}-draft-`);
  try {
    const archives = join(draft, "archives");
    const root = join(draft, "root");
    mkdirSync(archives);
    mkdirSync(root);
    if (!download(names, [], archives)) {
      const lists = privateLists(draft);
      if (lists === null || !download(names, lists, archives)) return false;
    }
    for (const file of readdirSync(archives).filter((name) => name.endsWith(".deb"))) {
      if (run("dpkg", ["-x", join(archives, file), root], draft) === null) return false;
    }
    renameSync(root, folder);
    return true;
  } catch (error) {
    // Another process has unpacked the same packages at the same time.
    if (existsSync(folder)) return true;
    throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
};

/** Returns the library folders of unpacked packages, for LD_LIBRARY_PATH. */
export const libraryFolders = (folder: string): string =>
  ["usr/lib", "lib"]
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path))
    .flatMap((path) => readdirSync(path).map((name) => join(path, name)))
    .filter((path) => path.endsWith("-linux-gnu"))
    .join(":");
