import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { nodeArguments } from "../../scripts/start/node-arguments.ts";
import type { CannedStream } from "./bare-streams-server.ts";

/** The bare server of streams, in its own process. */
export interface BareStreams {
  readonly pid: number;
  readonly port: number;
  /** Writes one event to every open stream. */
  write(): void;
  close(): Promise<void>;
}

const program = fileURLToPath(new URL("./bare-streams-server.ts", import.meta.url));

/** Starts a bare server of streams that all begin with this; it ends with this process. */
export const startBareStreams = async (canned: CannedStream): Promise<BareStreams> => {
  const child = fork(program, {
    execArgv: [...nodeArguments],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await once(child, "message");
  child.send(canned);
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return {
    pid: child.pid ?? -1,
    port,
    write: () => void child.send("write"),
    close: async () => {
      child.disconnect();
      await once(child, "exit");
    },
  };
};
