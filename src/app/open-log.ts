import { hostname } from "node:os";
import { pino } from "pino";
import { createLog, type Log, type LogLevel } from "#platform/log.ts";
import about from "../../package.json" with { type: "json" };

/** Lines that wait for a slow reader; further ones are dropped, because no request may wait for the log. */
const waitingBytesMax = 16 * 2 ** 20;

/**
 * Opens the log of this process. It goes to standard error, because standard output is for the address that a
 * script reads. A line does not wait for its reader; the end of the process writes what is left.
 */
export const openLog = (level: LogLevel): Log => {
  const destination = pino.destination({ dest: 2, sync: false, maxLength: waitingBytesMax });
  // A full disk or a closed pipe takes the log away, and nothing else.
  destination.on("error", () => undefined);
  const ownFields = { instance: `${hostname()}:${process.pid}`, version: about.version };
  const log = createLog({ level, ownFields, destination });
  process.once("exit", () => {
    log.flush();
    try {
      destination.flushSync();
    } catch {
      // Nothing can take the rest.
    }
  });
  return log;
};
