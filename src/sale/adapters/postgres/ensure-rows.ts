import type { Database } from "#platform/postgres/database.ts";
import type { Command } from "../../domain/commands.ts";
import { plainArray } from "./arrays.ts";

/** Names that were seen, up to a number; beyond it all are forgotten, which only costs a question more. */
const boundedSet = (sizeMax: number) => {
  const known = new Set<string>();
  return {
    has: (name: string) => known.has(name),
    add(names: Iterable<string>) {
      if (known.size > sizeMax) known.clear();
      for (const name of names) known.add(name);
    },
  };
};

/**
 * Settings of one statement on its own. Nothing hangs on these rows by themselves, so nobody waits for
 * the disk on their account: the commit of the command that uses them takes them there too.
 */
const limits = `limits as materialized (
  select
    set_config('lock_timeout', $1, true),
    set_config('synchronous_commit', 'off', true)
)`;

/** About 100 bytes each: what an instance remembers of the rows that exist. */
const knownMax = 200_000;

/**
 * Makes the rows that commands lock: buyers (of concerts that exist) and wallets. Each in a statement on
 * its own, before the commands' transaction, so that two of these never wait for each other's
 * uncommitted rows; sorted, so that two statements cannot deadlock. Rows that this instance has seen
 * cost nothing.
 */
export const rowMaker = (database: Database) => {
  const known = boundedSet(knownMax);

  const insertBuyers = (names: readonly string[], lockTimeout: string) =>
    database.query({
      name: "sale-make-buyers",
      text: `
        with ${limits}
        insert into buyer (user_id, concert_id)
        select user_id, concert_id
        from limits
        cross join unnest($2::uuid[], $3::uuid[]) as named (user_id, concert_id)
        where exists (select from concert c where c.concert_id = named.concert_id)
        order by user_id, concert_id
        on conflict do nothing`,
      values: [
        lockTimeout,
        plainArray(names.map((name) => name.slice(0, 36))),
        plainArray(names.map((name) => name.slice(37))),
      ],
    });

  const insertWallets = (users: readonly string[], lockTimeout: string) =>
    database.query({
      name: "sale-make-wallets",
      text: `
        with ${limits}
        insert into wallet (user_id)
        select user_id
        from limits
        cross join unnest($2::uuid[]) as named (user_id)
        order by user_id
        on conflict do nothing`,
      values: [lockTimeout, plainArray(users)],
    });

  /**
   * Waits at most `lockTimeoutMs` for another transaction that makes one of them. `anew`: also those that
   * this instance has seen, which a crash of the database may have lost. Throws Unavailable.
   */
  return async (
    commands: readonly Command[],
    { lockTimeoutMs, anew }: { readonly lockTimeoutMs: number; readonly anew: boolean },
  ): Promise<void> => {
    const buyers = new Set<string>();
    const wallets = new Set<string>();
    for (const command of commands) {
      const { kind, userId } = command;
      if (kind === "reserve" || kind === "leave") {
        const name = `${userId}/${command.concertId}`;
        if (anew || !known.has(name)) buyers.add(name);
      } else if (kind === "charge" || kind === "pay") {
        if (anew || !known.has(userId)) wallets.add(userId);
      }
    }
    const lockTimeout = `${Math.max(1, Math.floor(lockTimeoutMs))}ms`;
    await Promise.all([
      buyers.size > 0 && insertBuyers([...buyers], lockTimeout),
      wallets.size > 0 && insertWallets([...wallets], lockTimeout),
    ]);
    known.add(buyers);
    known.add(wallets);
  };
};
