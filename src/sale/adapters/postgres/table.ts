import type { Queryable } from "#platform/postgres/database.ts";
import { plainArray } from "./arrays.ts";

// One list of columns a table. Insert, update and select are generated from it, so a column is named once.

/** The columns that hold a value, by the kind of the value in TypeScript. */
type ColumnOf<Value> = [Value] extends [number | null | undefined]
  ? /** `instant`: a `timestamptz`, in epoch ms. */ "int2" | "int4" | "int8" | "instant"
  : [Value] extends [boolean]
    ? "boolean"
    : [Value] extends [string | null | undefined]
      ? /** `word`: a text of our own that needs no quotes; `text`: any other. */
        "uuid" | "date" | "word" | "text"
      : "json";

type Column = ColumnOf<number> | ColumnOf<boolean> | ColumnOf<string> | "json";

/** A type for each field of a row: a field without one does not compile. */
type Columns<Row> = { readonly [Field in keyof Required<Row>]: ColumnOf<Row[Field]> };

export interface Table<Row> {
  readonly name: string;
  readonly columns: Columns<Row>;
}

/** The table's name and columns. A column is called like its field: `heldAtMs` is `held_at`. */
export const table = <Row extends object>(name: string, columns: Columns<Row>): Table<Row> => ({
  name,
  columns,
});

type Field<Row> = keyof Row & string;

const columnName = (field: string): string =>
  field.replace(/Ms$/, "").replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const fieldsOf = <Row>({ columns }: Table<Row>): readonly Field<Row>[] =>
  Object.keys(columns) as Field<Row>[];

const columnOf = <Row>({ columns }: Table<Row>, field: Field<Row>): Column => columns[field];

/** The type of the array that carries a column to `unnest`. */
const arrayTypes: Readonly<Record<Column, string>> = {
  uuid: "uuid[]",
  date: "date[]",
  word: "text[]",
  text: "text[]",
  int2: "int2[]",
  int4: "int4[]",
  int8: "int8[]",
  boolean: "boolean[]",
  instant: "float8[]",
  json: "text[]",
};

/** Makes the column of an element of the array. */
const fromElement = (column: Column, element: string): string => {
  switch (column) {
    case "instant":
      return `to_timestamp(${element} / 1000)`;
    case "json":
      return `${element}::jsonb`;
    case "uuid":
    case "date":
    case "word":
    case "text":
    case "int2":
    case "int4":
    case "int8":
    case "boolean":
      return element;
  }
};

/** The array of a column: one parameter, however many rows. */
const toParameter = <Row>(
  { columns }: Table<Row>,
  field: Field<Row>,
  rows: readonly Row[],
): unknown => {
  const column: Column = columns[field];
  switch (column) {
    case "text":
      return rows.map((row) => row[field] ?? null);
    case "json":
      return rows.map((row) => JSON.stringify(row[field]));
    case "uuid":
    case "date":
    case "word":
    case "int2":
    case "int4":
    case "int8":
    case "boolean":
    case "instant":
      return plainArray(
        rows.map((row) => (row[field] ?? null) as string | number | boolean | null),
      );
  }
};

/** `unnest($1::uuid[], …)` with a parameter for each field, and the names of its columns. */
const unnest = <Row>(of: Table<Row>, fields: readonly Field<Row>[], firstParameter = 1) => ({
  call: `unnest(${fields
    .map((field, at) => `$${firstParameter + at}::${arrayTypes[columnOf(of, field)]}`)
    .join(", ")})`,
  names: fields.map(columnName).join(", "),
});

/** The fields of a row as a select list, each under the field's own name. */
export const selectList = <Row>(
  of: Table<Row>,
  alias: string,
  fields: readonly Field<Row>[] = fieldsOf(of),
): string => fields.map((field) => `${alias}.${columnName(field)} as "${field}"`).join(", ");

/** The fields of a row as one JSON object, but for those of `except`. */
export const jsonObject = <Row>(
  of: Table<Row>,
  alias: string,
  except: readonly Field<Row>[] = [],
): string =>
  `jsonb_build_object(${fieldsOf(of)
    .filter((field) => !except.includes(field))
    .map((field) => `'${field}', ${alias}.${columnName(field)}`)
    .join(", ")})`;

/** Writes rows in one statement; without rows it sends none. */
type Write<Row> = (tx: Queryable, rows: readonly Row[]) => Promise<void>;

const write =
  <Row>(of: Table<Row>, fields: readonly Field<Row>[], name: string, text: string): Write<Row> =>
  async (tx, rows) => {
    if (rows.length === 0) return;
    await tx.query({ name, text, values: fields.map((field) => toParameter(of, field, rows)) });
  };

/** Inserts rows. `inOrder`: identities rise in the order of the rows. */
export const insertInto = <Row>(
  of: Table<Row>,
  { inOrder = false }: { readonly inOrder?: boolean } = {},
): Write<Row> => {
  const fields = fieldsOf(of);
  const { call, names } = unnest(of, fields);
  const elements = fields.map((field) => fromElement(columnOf(of, field), columnName(field)));
  const source = inOrder
    ? `${call} with ordinality as made (${names}, n) order by n`
    : `${call} as made (${names})`;
  const text = `insert into ${of.name} (${names}) select ${elements.join(", ")} from ${source}`;
  return write(of, fields, `sale-insert-${of.name}`, text);
};

/** Updates rows by their key. `also`: one more assignment, the same for all rows. */
export const update = <Row, Key extends Field<Row>, Changed extends Field<Row>>(
  of: Table<Row>,
  by: { readonly key: readonly Key[]; readonly set: readonly Changed[]; readonly also?: string },
): Write<Pick<Row, Key | Changed>> => {
  const fields = [...by.key, ...by.set];
  const { call, names } = unnest(of, fields);
  const assignments = by.set.map(
    (field) =>
      `${columnName(field)} = ${fromElement(columnOf(of, field), `c.${columnName(field)}`)}`,
  );
  if (by.also !== undefined) assignments.push(by.also);
  const conditions = by.key.map((field) => `t.${columnName(field)} = c.${columnName(field)}`);
  const text = `update ${of.name} t set ${assignments.join(", ")} from ${call} as c (${names}) where ${conditions.join(" and ")}`;
  // A table may have several updates, and a prepared statement has one text.
  const name = `sale-update-${of.name}-${by.set.map(columnName)[0]}`;
  return write(of, fields, name, text) as Write<Pick<Row, Key | Changed>>;
};
