import { createClient } from "redis";
import { inBackground } from "./concurrency.ts";
import type { Answer } from "./client.ts";
import type { Placed, QueueStatus } from "./sale.ts";
import type { Sql } from "./server.ts";

// The users of a waiting list who poll on through faults, and the property that a waiting list keeps.

/** How many users this Redis has ever admitted to the queue. */
export const admittedIn = async (url: string, concertId: string): Promise<number> => {
  const client = createClient({ url });
  await client.connect();
  const key = `queue:{${concertId}}:meta`;
  const admitted = await client.sendCommand<string | null>(["HGET", key, "admitted"]);
  client.destroy();
  return Number(admitted ?? 0);
};

/** Polls for all places until it is disposed, each with its newest token. A poll that fails is asked again. */
export const pollOn = (
  places: readonly Placed[],
  poll: (place: Placed) => Promise<Answer>,
  onTurn: (place: Placed) => Promise<void> = () => Promise.resolve(),
) => {
  const now = new Map(places.map((place) => [place.userId, { place, status: "", position: 0 }]));
  /** The users in the order in which they were seen ACTIVE for the first time. */
  const turns: string[] = [];
  const rises: string[] = [];
  const work: Promise<void>[] = [];

  const take = (place: Placed, status: QueueStatus): void => {
    const before = now.get(place.userId);
    const newest = { ...place, queueToken: status.token };
    const position = status.position ?? 0;
    // A queue that recovers shows no position.
    if (position > 0 && before !== undefined && before.position > 0 && position > before.position)
      rises.push(`${place.userId}: ${before.position} to ${position}`);
    now.set(place.userId, {
      place: newest,
      status: status.status,
      position: position === 0 ? (before?.position ?? 0) : position,
    });
    if (status.status !== "ACTIVE" || turns.includes(place.userId)) return;
    turns.push(place.userId);
    // The others poll on meanwhile. A turn that fails leaves its seat unsold, which the test sees.
    work.push(onTurn(newest).catch(() => undefined));
  };

  const ask = async (place: Placed): Promise<void> => {
    const answer = await poll(place).catch(() => null);
    if (answer?.status === 200) take(place, answer.body as QueueStatus);
  };
  const polling = inBackground(300, async () => {
    await Promise.all([...now.values()].map(({ place }) => ask(place)));
  });
  return {
    turns,
    rises,
    /** Of each place in the order of the places: the status, and the last position that was shown. */
    shown: () => [...now.values()].map(({ status, position }) => [status, position] as const),
    [Symbol.asyncDispose]: async () => {
      await polling[Symbol.asyncDispose]();
      await Promise.all(work);
    },
  };
};

/**
 * Compares the ACTIVE users in a store with the seats that are free or held, ten times a second: with a waiting list
 * each of them has one. For users who pay nothing meanwhile, since the database learns of a payment first.
 */
export const watchSlots = (
  redisUrl: string,
  sql: Sql,
  sale: { readonly concertId: string; readonly date: string },
) => {
  const excesses: string[] = [];
  let most = 0;
  const seats = async (): Promise<number> => {
    const [row] = await sql<{ count: number }>(
      `select count(*)::int as count from seat
       where concert_id = $1 and date = $2 and status in ('AVAILABLE', 'HELD')`,
      [sale.concertId, sale.date],
    );
    return row?.count ?? 0;
  };
  const readActive = async (): Promise<number | null> => {
    const client = createClient({ url: redisUrl, socket: { reconnectStrategy: false } });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return await client.zCard(`queue:{${sale.concertId}}:active`);
    } catch {
      // The store is away.
      return null;
    } finally {
      if (client.isOpen) client.destroy();
    }
  };
  const looking = inBackground(100, async () => {
    const active = await readActive();
    if (active === null) return;
    most = Math.max(most, active);
    // Seats come back only, so later there are at least as many.
    const count = await seats();
    if (active > count) excesses.push(`${active} ACTIVE users for ${count} seats`);
  });
  return {
    excesses,
    /** The most ACTIVE users at once. */
    most: () => most,
    [Symbol.asyncDispose]: () => looking[Symbol.asyncDispose](),
  };
};
