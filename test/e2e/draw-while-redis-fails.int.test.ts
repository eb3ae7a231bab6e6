import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createClient } from "redis";
import { drawValueOf } from "../../tools/verify-draw/draw.ts";
import { succeeded } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import { dateIn, openSale, type Fan, type Placed } from "#test/support/sale.ts";
import { startDeployment, type Deployment } from "#test/support/server.ts";
import { eventually, mapConcurrently, sleep } from "#test/support/concurrency.ts";
import { verifyDraw } from "#test/support/verify-draw.ts";

// Goal: a lottery loses its store at the very moment of its draw. Each entrant who comes back has the
// place of the published draw, the draw is of all entrants and holds, a late user stands behind. Both cases
// take a recovery of 25 s, so they wait together.

const lobbyMs = 6_000;

interface Draw {
  readonly commitment: string;
  readonly seed: string | null;
  readonly entrants: number | null;
}

/** Eight in the lobby of a lottery, and one who has left it. */
const lobbyToLose = async (deployment: Deployment) => {
  const sale = openSale(deployment);
  const fans = await sale.fans(9);
  const admitsAtMs = Date.now() + lobbyMs;
  const admitsAt = new Date(admitsAtMs).toISOString();
  const policy = { mode: "lottery", admitsAt, maxActive: 1 };
  const { concertId } = await sale.onSale({ dates: [{ date: dateIn(30) }], policy });
  const places = await Promise.all(fans.map((fan) => sale.placed(fan, concertId)));
  const [leaver, ...lobby] = places as [Placed, ...Placed[]];
  succeeded(await sale.leave(leaver), 204);
  const drawOn = async (on: number): Promise<Draw> => {
    const path = `/api/v1/concerts/${concertId}/queue`;
    return succeeded<{ draw: Draw }>(await sale.call({ path, on }), 200).draw;
  };
  const { commitment } = await drawOn(0);
  assert.ok(Date.now() < admitsAtMs, "the lobby has closed before all of them were in it");
  return { deployment, sale, concertId, admitsAtMs, lobby, leaver, drawOn, commitment };
};

type Lobby = Awaited<ReturnType<typeof lobbyToLose>>;

interface Loss {
  readonly what: string;
  readonly lose: (lobby: Lobby) => Promise<void>;
}

const losses: readonly Loss[] = [
  {
    what: "emptied between the reading of the lobby and the record of the draw",
    async lose({ deployment, drawOn }) {
      await using lock = await deployment.lock("lock table queue_draw in share mode", []);
      const reading = async (): Promise<true | undefined> => {
        const rows = await deployment.sql(
          `select from pg_stat_activity where datname = current_database()
             and wait_event_type = 'Lock' and query like '%insert into queue_draw (%'`,
        );
        return rows.length > 0 || undefined;
      };
      await eventually("a draw is about to be recorded", reading, 10);
      assert.equal((await drawOn(1)).seed, null);
      const client = createClient({ url: deployment.redis.url });
      await client.connect();
      await client.sendCommand(["FLUSHALL"]);
      client.destroy();
      await lock.release();
      await eventually("the draw was read", async () => {
        return (await drawOn(1)).seed !== null || undefined;
      });
    },
  },
  {
    what: "killed when the lobby closes, and back empty",
    async lose({ deployment, admitsAtMs }) {
      await sleep(admitsAtMs - 10 - Date.now());
      await deployment.redis.restart();
    },
  },
];

/** The done draw, as every instance tells it within moments of its record. */
const publishedDraw = async ({ deployment, drawOn }: Lobby): Promise<Draw> => {
  const done = async (on: number): Promise<Draw | undefined> => {
    const draw = await drawOn(on);
    return draw.seed === null ? undefined : draw;
  };
  const [draw, ...others] = await mapConcurrently(deployment.instances, 3, async ({ index }) => {
    return (await eventually("the draw is published", () => done(index))).value;
  });
  for (const other of others) assert.deepEqual(other, draw);
  return draw ?? assert.fail();
};

const inOrderOf = (seed: string, fans: readonly Placed[]): Placed[] =>
  fans.toSorted((a, b) => drawValueOf(seed, a.userId) - drawValueOf(seed, b.userId));

/** The draw as everybody outside may check it, with all that entrants know together. */
const drawHolds = async (
  { deployment, concertId, commitment, lobby }: Lobby,
  order: readonly Fan[],
) => {
  const file = join(deployment.redis.dir, "entrants");
  writeFileSync(file, lobby.map(({ userId }) => userId).join("\n"));
  const known = ["--commitment", commitment, "--users", file];
  for (const [index, { userId }] of order.entries()) {
    const url = deployment.instances[index % 3]?.url ?? assert.fail();
    const { code, said } = await verifyDraw(url, concertId, ...known, "--user", userId);
    assert.equal(code, 0, said);
    assert.ok(said.includes(`the place ${index + 1} of ${order.length}`), said);
  }
};

describe("a draw outlives its store", { concurrency: 2 }, () => {
  for (const { what, lose } of losses) {
    it(`Redis ${what}: each entrant has the drawn place, late users stand behind`, async () => {
      await using deployment = await startDeployment({ instances: 3 });
      const made = await lobbyToLose(deployment);
      const { sale, concertId, lobby, leaver } = made;
      await lose(made);

      const [early, later] = (await sale.fans(2)) as [Fan, Fan];
      const late = [await sale.placed(early, concertId)];
      // They come back while the queue waits for its people, in another order, on all instances.
      const back = async (it: Placed): Promise<true | undefined> => {
        const answer = await sale.poll(it);
        if (answer.status === 503) return undefined;
        const { position } = succeeded<{ position: number | null }>(answer, 200);
        assert.equal(position, null);
        return true;
      };
      await mapConcurrently(lobby.toReversed(), 4, (it) =>
        eventually("the entrant is back", () => back(it)),
      );
      late.push(await sale.placed(later, concertId));
      const goesOn = async (): Promise<true | undefined> => {
        const { queueState, position } = await sale.status(late[0] as Placed);
        return (queueState === "OPEN" && position !== null) || undefined;
      };
      await eventually("the queue goes on", goesOn, 250);
      const draw = await publishedDraw(made);
      assert.deepEqual([draw.entrants, draw.commitment], [lobby.length, made.commitment]);
      const order = inOrderOf(draw.seed ?? assert.fail(), lobby);
      const [winner, ...behind] = [...order, ...late] as [Placed, ...Placed[]];
      await eventually("the first is ACTIVE", async () => {
        return (await sale.status(winner)).status === "ACTIVE" || undefined;
      });
      const positions = await mapConcurrently(
        behind,
        3,
        async (it) => (await sale.status(it)).position,
      );
      const expected = behind.map((_, index) => index + 1);
      assert.deepEqual(positions, expected);
      assert.equal((await sale.status(leaver)).endedReason, "LEFT");
      await drawHolds(made, order);
      await sweep(deployment.sql);
    });
  }
});
