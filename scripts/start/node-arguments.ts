/**
 * Options of Node for the server. By default Node 24 gives young objects 134 MB on a machine with 24 GB; a
 * server whose requests last milliseconds needs a fraction of that (ADR 0025).
 */
export const nodeArguments: readonly string[] = ["--max-semi-space-size=16"];
