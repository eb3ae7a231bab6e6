/** One page of a list. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** Calls for one list. A rare state makes empty pages, and a list must not ask for ever. */
const callsMax = 20;

/**
 * Reads pages until there are `count` items or the list ends. Returns null when a page cannot be read. `hasMore`: the list
 * goes on.
 */
export const readPages = async <Item>(
  count: number,
  readPage: (cursor: string | undefined) => Promise<ListPage<Item> | null>,
): Promise<{ readonly items: readonly Item[]; readonly hasMore: boolean } | null> => {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let calls = 0; calls < callsMax; calls += 1) {
    const page = await readPage(cursor);
    if (page === null) return null;
    items.push(...page.items);
    if (page.nextCursor === null) return { items, hasMore: false };
    if (items.length >= count) break;
    cursor = page.nextCursor;
  }
  return { items, hasMore: true };
};
