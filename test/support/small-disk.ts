import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A file system of its own that can be filled. */
export interface SmallDisk {
  readonly folder: string;
  /** Leaves not a byte. */
  fill(): void;
  free(): void;
  close(): void;
}

/** Mounts one of so many megabytes at `folder`; null where this user may not mount. */
export const mountSmallDisk = (folder: string, megabytes: number): SmallDisk | null => {
  mkdirSync(folder, { recursive: true });
  const words = ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=0700`, "tmpfs", folder];
  if (spawnSync("mount", words, { stdio: "ignore" }).status !== 0) return null;
  const filler = join(folder, "filler");
  const piece = Buffer.alloc(1 << 20);
  return {
    folder,
    fill: () => {
      for (let bytes = piece.byteLength; statfsSync(folder).bavail > 0;) {
        try {
          writeFileSync(filler, piece.subarray(0, bytes), { flag: "a" });
        } catch {
          if (bytes === 1) return;
          bytes = Math.max(1, bytes >> 1);
        }
      }
    },
    free: () => rmSync(filler, { force: true }),
    close: () => {
      // Lazily, for a server that has just been ended may still hold a file for a moment.
      spawnSync("umount", ["--lazy", folder], { stdio: "ignore" });
    },
  };
};
