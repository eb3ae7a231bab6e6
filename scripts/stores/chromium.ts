import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { basename, delimiter, join } from "node:path";

/** Chromium without the parts that draw windows: it opens a page with half of the CPU time. */
const shell = "chromium-headless-shell";
const names = [shell, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const elsewhere = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
// Without a Korean font Chromium draws every syllable as the same empty box, and no test would fail.
const fonts = "fonts-nanum";
const installTimeoutMs = 300_000;

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Returns the path of a Chromium: CHROMIUM, or one on the PATH; null when there is none. */
export const findChromium = (): string | null => {
  const given = process.env["CHROMIUM"] ?? "";
  if (given !== "") return given;
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return [...candidates, ...elsewhere].find(isProgram) ?? null;
};

const hasKoreanFont = (): boolean => {
  const { status, stdout } = spawnSync("fc-list", [":lang=ko"], { encoding: "utf8" });
  return status !== 0 || stdout.trim() !== "";
};

const apt = (...words: string[]): boolean => {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options = { stdio: "ignore", timeout: installTimeoutMs, env } as const;
  return spawnSync("apt-get", words, options).status === 0;
};

const install = (name: string): boolean =>
  apt("install", "-y", "--no-install-recommends", name, fonts);

const hasFonts = (): boolean => process.platform !== "linux" || hasKoreanFont();

/** Whether this process may install a browser. */
const canInstall = (): boolean => process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");

/**
 * Finds Chromium, or installs Debian's when this process runs as root; the one without windows where there is one.
 * Returns null when neither works.
 */
export const ensureChromium = (): string | null => {
  const found = findChromium();
  const isUsable = found !== null && hasFonts();
  const isBest = found === process.env["CHROMIUM"] || basename(found ?? "") === shell;
  if ((isUsable && isBest) || !canInstall()) return found;
  process.stderr.write("Installing Chromium and a Korean font for the tests of the pages …\n");
  // The other one does as well, so it is worth one try.
  if (isUsable) return install(shell) ? findChromium() : found;
  // A fresh image may lack the package lists, or have old ones: then fetch them and try again.
  if (!install(shell)) void (apt("update") && (install(shell) || install("chromium")));
  return findChromium();
};
