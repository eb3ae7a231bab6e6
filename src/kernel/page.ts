/** A request for one page of a list: at most `limit` items after the cursor, if there is one. */
export interface PageQuery<Cursor> {
  readonly limit: number;
  readonly after: Cursor | null;
}

/** One page of a list. `next`: the cursor of the next page, or null at the end. */
export interface Page<Item, Cursor> {
  readonly items: readonly Item[];
  readonly next: Cursor | null;
}

/** The query for `toPage`: one item more than the page has. */
export const withOneMore = <Cursor>(query: PageQuery<Cursor>): PageQuery<Cursor> => ({
  ...query,
  limit: query.limit + 1,
});

/** Makes a page of at most `limit` items. An item beyond the limit shows that there is a next page. */
export const toPage = <Item, Cursor>(
  found: readonly Item[],
  limit: number,
  cursorOf: (item: Item) => Cursor,
): Page<Item, Cursor> => {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit && last !== undefined ? cursorOf(last) : null };
};
