import type { Database } from "#platform/postgres/database.ts";
import type { Command } from "../../domain/commands.ts";
import { plainArray } from "./arrays.ts";

/** A set of names that is cleared beyond `sizeMax`. A forgotten name costs one statement more. */
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
 * Settings for one statement. An empty buyer or wallet row needs no wait for the disk: the commit of the
 * command that uses the row writes both.
 */
const limits = `limits as materialized (
  select
    set_config('lock_timeout', $1, true),
    set_config('synchronous_commit', 'off', true)
)`;

/** Names of existing rows that an instance remembers, about 100 bytes each. */
const knownMax = 200_000;

/**
 * Inserts the rows that commands lock, unless they exist: buyers (of concerts that exist) and wallets. Each
 * statement commits by itself before the transaction of the commands, so that two batches never wait for
 * each other's uncommitted rows. The rows are sorted, so that two statements cannot deadlock. Rows that
 * this instance has seen cost no statement.
 */
export const ensureRowsOn = (database: Database) => {
  const known = boundedSet(knownMax);

  const insertBuyers = (names: readonly string[], lockTimeout: string) =>
    database.query({
      name: "sale-ensure-buyers",
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
      name: "sale-ensure-wallets",
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
   * Waits at most `lockTimeoutMs` for another transaction that inserts one of the rows. `trustMemory`: false
   * when a row may be missing that this instance has seen, as after a crash of the database. Throws
   * Unavailable.
   */
  return async (
    commands: readonly Command[],
    options: { readonly lockTimeoutMs: number; readonly trustMemory: boolean },
  ): Promise<void> => {
    const buyers = new Set<string>();
    const wallets = new Set<string>();
    const add = (rows: Set<string>, name: string): void => {
      if (!options.trustMemory || !known.has(name)) rows.add(name);
    };
    for (const command of commands) {
      switch (command.kind) {
        case "reserve":
        case "leave":
          add(buyers, `${command.userId}/${command.concertId}`);
          break;
        case "charge":
        case "pay":
          add(wallets, command.userId);
          break;
        case "cancel":
        case "lapse":
          break;
      }
    }
    const lockTimeout = `${Math.max(1, Math.floor(options.lockTimeoutMs))}ms`;
    await Promise.all([
      buyers.size > 0 && insertBuyers([...buyers], lockTimeout),
      wallets.size > 0 && insertWallets([...wallets], lockTimeout),
    ]);
    known.add(buyers);
    known.add(wallets);
  };
};
