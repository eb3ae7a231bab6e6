import { start } from "./main.ts";
import { explainStartError } from "./start-error.ts";

// One instance as a process of its own: reads the environment, says where it listens, drains on a
// signal. A second signal changes nothing: a terminal sends SIGINT to the whole group and npm again.
const sharePort = process.argv.includes("--share-port");
const instance = await start(process.env, { sharePort }).catch((error: unknown) => {
  process.stderr.write(`${explainStartError(error)}\n`);
  process.exit(1);
});
process.stdout.write(`${JSON.stringify({ url: instance.url })}\n`);

let ending: Promise<void> | undefined;
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  process.on(signal, () => {
    ending ??= instance.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
