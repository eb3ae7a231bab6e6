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

const patience = ["-o", "Acquire::http::Timeout=15", "-o", "Acquire::Retries=1"];

/** Options that make apt keep its lists in `folder`, after fetching them there; null when it can't. */
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
  const args = [...patience, ...where, ...emptyStatus, "-q", "update"];
  if (run("apt-get", args, folder) === null) return null;
  // The system's own status says which packages are missing here; an empty one would list them all.
  return kept;
};

/** Downloads the packages and those they need and this system lacks; false when apt can't. */
const download = (names: readonly string[], lists: readonly string[], into: string): boolean => {
  const plan = [...lists, "-s", "--no-install-recommends", "install", ...names];
  const missing = run("apt-get", plan, into)
    ?.split("\n")
    .flatMap((line) => /^Inst (\S+)/.exec(line)?.[1] ?? []);
  // Named ones that are installed already are not planned, yet their files may be what is wanted.
  const wanted = [...new Set([...(missing ?? []), ...names])];
  if (missing === undefined) return false;
  return run("apt-get", [...patience, ...lists, "-q", "download", ...wanted], into) !== null;
};

/**
 * Unpacks Debian packages, with what they need and this system lacks, into `folder`, without root
 * and without installing anything. False where that can't be done: not a Debian, or no network.
 * The folder appears whole or not at all; takes 1 to 5 s.
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
    // Another process unpacked the same at the same time and was first.
    if (existsSync(folder)) return true;
    throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
};

/** The library folders of unpacked packages, for LD_LIBRARY_PATH. */
export const libraryFolders = (folder: string): string =>
  ["usr/lib", "lib"]
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path))
    .flatMap((path) => readdirSync(path).map((name) => join(path, name)))
    .filter((path) => path.endsWith("-linux-gnu"))
    .join(":");
