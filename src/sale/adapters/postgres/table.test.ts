import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Queryable, Statement } from "#platform/postgres/database.ts";
import { insertInto, jsonObject, selectList, table, update } from "./table.ts";

interface Item {
  readonly itemId: string;
  readonly note?: string | null;
  readonly count: number;
  readonly isNew: boolean;
  readonly madeAtMs: number | null;
  readonly content: { readonly a: number };
}

const items = table<Item>("item", {
  itemId: "uuid",
  note: "text",
  count: "int4",
  isNew: "boolean",
  madeAtMs: "instant",
  content: "json",
});

const rows: Item[] = [
  { itemId: "i1", note: 'a "note", {this}', count: 1, isNew: true, madeAtMs: 5, content: { a: 1 } },
  { itemId: "i2", count: 2, isNew: false, madeAtMs: null, content: { a: 2 } },
];

/** Runs the write and returns its statements. */
const statementsOf = async (write: (tx: Queryable) => Promise<void>): Promise<Statement[]> => {
  const sent: Statement[] = [];
  await write({
    query: async (statement) => {
      sent.push(statement);
      return [];
    },
  });
  return sent;
};

describe("the columns of a table", () => {
  it("are selected under the names of their fields", () => {
    assert.equal(
      selectList(items, "i"),
      'i.item_id as "itemId", i.note as "note", i.count as "count", i.is_new as "isNew", ' +
        'i.made_at as "madeAtMs", i.content as "content"',
    );
    assert.equal(selectList(items, "i", ["count"]), 'i.count as "count"');
    const object = "jsonb_build_object('itemId', i.item_id, 'count', i.count)";
    assert.equal(jsonObject(items, "i", ["note", "isNew", "madeAtMs", "content"]), object);
  });

  it("are inserted from one array a column, in the order of the rows when asked", async () => {
    const names = "item_id, note, count, is_new, made_at, content";
    const call =
      "unnest($1::uuid[], $2::text[], $3::int4[], $4::boolean[], $5::float8[], $6::text[])";
    const into = `insert into item (${names}) select item_id, note, count, is_new, to_timestamp(made_at / 1000), content::jsonb from`;
    const [inserted] = await statementsOf((tx) => insertInto(items)(tx, rows));
    assert.deepEqual(inserted, {
      name: "sale-insert-item",
      text: `${into} ${call} as made (${names})`,
      values: [
        "{i1,i2}",
        ['a "note", {this}', null],
        "{1,2}",
        "{true,false}",
        "{5,NULL}",
        ['{"a":1}', '{"a":2}'],
      ],
    });
    const [ordered] = await statementsOf((tx) => insertInto(items, { inOrder: true })(tx, rows));
    const source = `${call} with ordinality as made (${names}, n) order by n`;
    assert.equal(ordered?.text, `${into} ${source}`);
  });

  it("are updated by key", async () => {
    const write = update(items, {
      key: ["itemId"],
      set: ["count", "madeAtMs"],
      also: "seen = true",
    });
    const [updated] = await statementsOf((tx) => write(tx, rows));
    assert.deepEqual(updated, {
      name: "sale-update-item-count",
      text:
        "update item t set count = c.count, made_at = to_timestamp(c.made_at / 1000), seen = true " +
        "from unnest($1::uuid[], $2::int4[], $3::float8[]) as c (item_id, count, made_at) " +
        "where t.item_id = c.item_id",
      values: ["{i1,i2}", "{1,2}", "{5,NULL}"],
    });
  });

  it("send no statement without rows", async () => {
    assert.deepEqual(await statementsOf((tx) => insertInto(items)(tx, [])), []);
  });
});
