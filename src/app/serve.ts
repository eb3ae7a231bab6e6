import { start } from "./main.ts";
import { explainStartError } from "./start-error.ts";

// Runs one instance as a process: prints its addresses as JSON and drains on a signal. A second signal
// changes nothing, because a terminal sends SIGINT to the process group and npm sends it once more.
const sharePort = process.argv.includes("--share-port");
const instance = await start(process.env, { sharePort }).catch((error: unknown) => {
  process.stderr.write(`${explainStartError(error)}\n`);
  process.exit(1);
});
process.stdout.write(`${JSON.stringify({ url: instance.url, opsUrl: instance.opsUrl })}\n`);

let ending: Promise<void> | undefined;
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  process.on(signal, () => {
    ending ??= instance.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
