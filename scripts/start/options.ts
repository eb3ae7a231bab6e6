import { parseArgs } from "node:util";

export interface StartOptions {
  /** The number of server processes on the port. */
  readonly instances: number;
}

const instancesMax = 64;

const usage = `npm start starts Frontrow; settings come from the environment, see docs/operating.md.

  npm start                        one server process
  npm start -- --instances 3       three on one port, for a machine with cores; needs Redis
`;

/** Parses the arguments of `npm start`. Returns the options, or the usage with the fault before it. */
export const readOptions = (
  words: readonly string[],
): { readonly options: StartOptions } | { readonly usage: string; readonly isFault: boolean } => {
  const fault = (what: string) => ({ usage: `${what}\n\n${usage}`, isFault: true });
  try {
    const { values } = parseArgs({
      args: [...words],
      options: { instances: { type: "string" }, help: { type: "boolean" } },
    });
    if (values.help === true) return { usage, isFault: false };
    const given = values.instances ?? "1";
    const instances = /^\d{1,3}$/.test(given) ? Number(given) : 0;
    return instances >= 1 && instances <= instancesMax
      ? { options: { instances } }
      : fault(`--instances must be a whole number from 1 to ${instancesMax}.`);
  } catch (error) {
    return fault(error instanceof Error ? error.message : String(error));
  }
};
