/** The facts that INFO reports of a Redis or Valkey; INFO needs no right to read the settings. */
export interface ServerFacts {
  /** Changes when the server restarts. */
  readonly runId: string;
  readonly isPrimary: boolean;
  readonly isCluster: boolean;
  readonly isLoading: boolean;
  /** `maxmemory-policy`. */
  readonly policy: string;
}

/** One reason against a server, as a clause, with its repair. */
export interface Objection {
  readonly fact: string;
  readonly fix: string;
}

/** This Redis would lose places, or refuse them. The message is one sentence for the operator. */
export class RedisRefused extends Error {
  constructor({ fact, fix }: Objection) {
    super(`${fact}; ${fix}`);
    this.name = "RedisRefused";
  }
}

/** Returns the fields of an answer to INFO by name. */
export const fieldsOf = (answer: string): ReadonlyMap<string, string> =>
  new Map(answer.split(/\r?\n/).map((line) => line.split(":", 2) as [string, string]));

/** Throws when the server does not report its run_id. */
export const readServerFacts = (fields: ReadonlyMap<string, string>): ServerFacts => {
  const runId = fields.get("run_id");
  if (runId === undefined) throw new Error("the server does not report its run_id");
  return {
    runId,
    isPrimary: fields.get("role") === "master",
    isCluster: fields.get("cluster_enabled") === "1",
    isLoading: fields.get("loading") === "1",
    policy: fields.get("maxmemory_policy") ?? "noeviction",
  };
};

type Judged = Pick<ServerFacts, "isPrimary" | "isCluster" | "policy">;

/** Lists the reasons for which no queue can be kept on this server. */
export const objectionsTo = ({ isPrimary, isCluster, policy }: Judged): readonly Objection[] => [
  ...(isPrimary ? [] : [{ fact: "it is a replica", fix: "set REDIS_URL to the primary" }]),
  ...(isCluster
    ? [
        {
          fact: "it is in cluster mode",
          fix: "use a Redis with one primary (cluster-enabled no), because each instance uses one node",
        },
      ]
    : []),
  ...(policy.startsWith("allkeys-")
    ? [
        {
          fact: `its maxmemory-policy ${policy} deletes places of users when its memory is full`,
          fix: "set maxmemory-policy to noeviction",
        },
      ]
    : []),
];

/** Returns what a full memory would delete that no user loses a place by, or null. */
export const doubtAbout = ({ policy }: Pick<ServerFacts, "policy">): Objection | null =>
  policy.startsWith("volatile-")
    ? {
        fact: `its maxmemory-policy ${policy} deletes seat locks and ended queues when its memory is full`,
        fix: "set maxmemory-policy to noeviction",
      }
    : null;
