/**
 * Words for Node before the server's program. Left to itself, Node 24 lets young objects take 134 MB on a
 * machine with 24 GB; a server whose requests last milliseconds needs a fraction of that (ADR 0025).
 */
export const nodeArguments: readonly string[] = ["--max-semi-space-size=16"];
