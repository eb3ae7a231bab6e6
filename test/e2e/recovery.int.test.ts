import { describe, it } from "node:test";
import { randomBytes } from "node:crypto";
import { readdirSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import assert from "node:assert/strict";
import { createClient } from "redis";
import { comesBack, queueToLose, type LostQueue } from "#test/support/lost-queue.ts";
import { startDeployment, type Deployment, type DeploymentOptions } from "#test/support/server.ts";

// Goal: a queue whose store was lost gives every user the same order again, no user a second turn, and new
// users the places behind. Each way of losing a store has servers of its own, because a recovery takes 25 s;
// most of that is waiting, so they wait together.

/** Of several servers' worth of places: what stands in the file's second half is lost. */
const cutToHalf = (folder: string): void => {
  const files = join(folder, "appendonlydir");
  const name = readdirSync(files).find((one) => one.endsWith(".incr.aof")) ?? assert.fail();
  const file = join(files, name);
  const { size } = statSync(file);
  assert.ok(size > 1_000, "there is something to lose");
  truncateSync(file, Math.floor(size / 2));
};

interface Loss {
  readonly what: string;
  readonly options?: () => DeploymentOptions;
  /** May give what else must hold once the queue is back. */
  readonly lose: (
    deployment: Deployment,
    queue: LostQueue,
  ) => Promise<void | (() => Promise<void>)>;
}

const keys = [randomBytes(32), randomBytes(32)].map(
  (secret, at) => `k${at}:${secret.toString("hex")}`,
);

const losses: readonly Loss[] = [
  { what: "killed, and back empty", lose: (deployment) => deployment.redis.restart() },
  {
    what: "emptied under way",
    async lose(deployment) {
      const client = createClient({ url: deployment.redis.url });
      await client.connect();
      await client.sendCommand(["FLUSHALL"]);
      client.destroy();
    },
  },
  {
    what: "back with half of its append-only file",
    options: () => ({ appendonly: true }),
    async lose(deployment) {
      await deployment.redis.kill();
      cutToHalf(deployment.redis.dir);
      await deployment.redis.restart();
    },
  },
  {
    what: "lost twice, the second time while the queue waits for its people",
    async lose(deployment) {
      await deployment.redis.restart();
      await delay(4_000);
      await deployment.redis.restart();
    },
  },
  {
    what: "lost while instances are killed and started",
    async lose(deployment) {
      const killed = await deployment.add();
      await deployment.redis.restart();
      await delay(500);
      killed.signal("SIGKILL");
      // It starts while the queue waits for its people: a recovery ends after 25 s, on a slow machine too.
      const started = deployment.add();
      return async () => void (await started);
    },
  },
  {
    what: "lost in the middle of a rotation of the token keys",
    options: () => ({ env: { TOKEN_KEYS: keys.join(",") } }),
    async lose(deployment, { sale, concertId, waiting }) {
      // The next key signs on one instance already; all of them know both.
      const ahead = await deployment.add({ TOKEN_KEYS: keys.toReversed().join(",") });
      await deployment.redis.restart();
      return async () => {
        const last = waiting.at(-1) ?? assert.fail();
        const { position } = await sale.status(last);
        const answer = await fetch(`${ahead.url}/api/v1/concerts/${concertId}/queue/tokens/me`, {
          headers: { authorization: `Bearer ${last.queueToken}` },
        });
        const status = (await answer.json()) as { token: string; position: number };
        assert.deepEqual([answer.status, status.position], [200, position]);
        assert.notEqual(status.token, last.queueToken);
        assert.equal((await sale.status({ ...last, queueToken: status.token })).position, position);
      };
    },
  },
];

describe("a queue comes back", { concurrency: 2 }, () => {
  for (const { what, options, lose } of losses) {
    it(`Redis ${what}: order, slots and endings come back, newcomers stand behind`, async () => {
      await using deployment = await startDeployment({ instances: 3, ...options?.() });
      const made = await queueToLose(deployment);
      // The journal is in the database within a second.
      await delay(1_000);
      const check = await lose(deployment, made);
      await comesBack(deployment, made);
      await check?.();
    });
  }
});
