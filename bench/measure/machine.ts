import { execFileSync } from "node:child_process";
import { readFileSync, statfsSync } from "node:fs";
import { arch, availableParallelism, cpus, release, totalmem } from "node:os";

/** The machine on which the figures were measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly virtualised: boolean;
  readonly fileSystem: string;
  readonly node: string;
}

const read = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};

const fileSystems: Readonly<Record<number, string>> = {
  0xef53: "ext4",
  0x58465342: "xfs",
  0x9123683e: "btrfs",
  0x01021994: "tmpfs",
  0x794c7630: "overlayfs",
};

export const readMachine = (folder: string): Machine => {
  const type = statfsSync(folder).type;
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${arch()}, kernel ${release()}`,
    virtualised: read("/proc/cpuinfo").includes("hypervisor"),
    fileSystem: fileSystems[type] ?? `0x${type.toString(16)}`,
    node: process.version,
  };
};

/** The first line that a program says of itself; null when it is not there. */
export const versionOf = (words: readonly string[]): string | null => {
  const [program = "", ...args] = words;
  try {
    const said = execFileSync(program, args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return said.split("\n")[0]?.trim() ?? null;
  } catch {
    return null;
  }
};
