import type { Database } from "#platform/postgres/database.ts";

/** An instance that has read nothing for longer reads all seats of a concert again. */
const keptMs = 60_000;

/**
 * Returns the periodic work that deletes the recorded changes of seats which every instance has read: those of
 * transactions that had ended at a moment at least 60 s ago. The floor rises with the deletion, in one statement, so
 * that an instance notices what it has missed. All instances may run it at the same time.
 */
export const seatChangePurge = (
  database: Database,
  monotonicMs: () => number,
): (() => Promise<void>) => {
  let mark: { readonly version: string; readonly atMs: number } | null = null;
  return async () => {
    const atMs = monotonicMs();
    if (mark !== null && atMs - mark.atMs < keptMs) return;
    const [row] = await database.query<{ version: string }>({
      name: "sale-purge-seat-changes",
      text: `
        with deleted as (
          delete from seat_change
          where xid < $1::text::xid8 or xid >= pg_snapshot_xmax(pg_current_snapshot())
        ),
        raised as (
          update seat_change_floor
          set xid = $1::text::xid8
          where xid < $1::text::xid8 or xid > pg_snapshot_xmax(pg_current_snapshot())
        )
        select pg_snapshot_xmin(pg_current_snapshot())::text as version`,
      values: [mark?.version ?? "0"],
    });
    mark = row === undefined ? null : { version: row.version, atMs };
  };
};
