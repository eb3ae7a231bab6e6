import type { ConcertId } from "#kernel/ids.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { DrawnPlace } from "../../domain/draw-value.ts";
import type { DrawRecord } from "../../../admission/domain/draw.ts";
import { drawPagePlaces, type DrawPage, type Draws } from "../../ports/draws.ts";

const valueBytes = 8;
const hashBytes = 32;
const placeBytes = valueBytes + hashBytes;

const pack = ({ values, hashes }: DrawPage): Buffer => {
  const places = Buffer.alloc(values.length * placeBytes);
  values.forEach((value, index) => {
    places.writeBigUInt64BE(BigInt(value), index * placeBytes);
    const hash = hashes.subarray(index * hashBytes, (index + 1) * hashBytes);
    places.set(hash, index * placeBytes + valueBytes);
  });
  return places;
};

const unpack = (places: Buffer): readonly DrawnPlace[] =>
  Array.from({ length: places.length / placeBytes }, (_, index) => {
    const at = index * placeBytes;
    return {
      drawValue: Number(places.readBigUInt64BE(at)),
      userHash: places.toString("hex", at + valueBytes, at + placeBytes),
    };
  });

const findText = `
  select drawn_at as "drawnAtMs", entrants, encode(entrants_digest, 'hex') as "entrantsDigest"
  from queue_draw
  where concert_id = $1`;

const fromDrawPages = `
  from queue_draw_page
  join queue_draw using (concert_id, draw_id)
  where concert_id = $1`;

const saveText = `
  insert into queue_draw (concert_id, draw_id, drawn_at, entrants, entrants_digest)
  values ($1, $2, to_timestamp($3::bigint / 1000.0), $4, decode($5, 'hex'))
  on conflict do nothing`;

const deleteOtherPagesText = `
  delete from queue_draw_page page using queue_draw draw
  where page.concert_id = $1 and draw.concert_id = $1 and page.draw_id <> draw.draw_id`;

/** Stores draws in PostgreSQL: one row for each draw, and one row for each 1,000 places. */
export const pgDraws = (database: Queryable): Draws => {
  const find = async (concertId: ConcertId): Promise<DrawRecord | null> => {
    const [row] = await database.query<DrawRecord>({
      name: "queue-draw-find",
      text: findText,
      values: [concertId],
    });
    return row ?? null;
  };
  return {
    find,
    async writePage({ concertId, drawId }, number, page) {
      await database.query({
        name: "queue-draw-page-insert",
        text: `
          insert into queue_draw_page
            (concert_id, draw_id, page, first_value, last_value, places)
          values ($1, $2, $3, $4, $5, $6)`,
        values: [concertId, drawId, number, page.values[0], page.values.at(-1), pack(page)],
      });
    },
    async save({ concertId, drawId }, { drawnAtMs, entrants, entrantsDigest }) {
      await database.query({
        name: "queue-draw-save",
        text: saveText,
        values: [concertId, drawId, drawnAtMs, entrants, entrantsDigest],
      });
      await database.query({
        name: "queue-draw-clear",
        text: deleteOtherPagesText,
        values: [concertId],
      });
      // The row exists: this attempt or a faster one inserted it, and no statement deletes it.
      return (await find(concertId)) as DrawRecord;
    },
    async list(concertId, from, count) {
      const at = from % drawPagePlaces;
      const [row] = await database.query<{ places: Buffer }>({
        name: "queue-draw-list",
        text: `
          select substring(places from $3 for $4) as places ${fromDrawPages} and page = $2`,
        values: [
          concertId,
          Math.floor(from / drawPagePlaces),
          at * placeBytes + 1,
          Math.min(count, drawPagePlaces - at) * placeBytes,
        ],
      });
      return row === undefined ? [] : unpack(row.places);
    },
    async rank(concertId, { drawValue, userHash }) {
      const pages = await database.query<{ page: number; places: Buffer }>({
        name: "queue-draw-rank",
        text: `
          select page, places ${fromDrawPages} and first_value <= $2 and last_value >= $2
          order by page`,
        values: [concertId, drawValue],
      });
      for (const { page, places } of pages) {
        const index = unpack(places).findIndex(
          (place) => place.drawValue === drawValue && place.userHash === userHash,
        );
        if (index >= 0) return page * drawPagePlaces + index + 1;
      }
      return null;
    },
  };
};
