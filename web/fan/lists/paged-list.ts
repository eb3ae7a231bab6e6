import type { CallOptions, Failure, Result } from "../../../sdk/client.ts";
import { batch, signal, type Signal } from "../../shared/signals.ts";

interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

type Request<Item, Code extends string> = (
  query: { readonly cursor?: string },
  options: Pick<CallOptions, "onWait">,
) => Promise<Result<ListPage<Item>, Code>>;

/** Puts a new first page before the items that came after it. Without a common item only the page stays. */
export const withFirstPage = <Item>(
  first: readonly Item[],
  known: readonly Item[],
  idOf: (item: Item) => string,
): { readonly items: readonly Item[]; readonly hasLater: boolean } => {
  const last = first.at(-1);
  const at = last === undefined ? -1 : known.findIndex((one) => idOf(one) === idOf(last));
  const later = at === -1 ? [] : known.slice(at + 1);
  return { items: [...first, ...later], hasLater: later.length > 0 };
};

/** A list of the API, read page by page. Reading it again keeps the later pages that are shown. */
export const pagedList = <Item, Code extends string>(
  request: Request<Item, Code>,
  idOf: (item: Item) => string,
) => {
  const list = {
    /** Null until the first page has been read. */
    items: signal<readonly Item[] | null>(null),
    /** Cursor of the next page; null at the end. */
    next: signal<string | null>(null),
    failure: signal<Failure | null>(null),
    /** The server refused a request for now, and the page asks again. */
    isWaiting: signal(false),
    isLoading: signal(false),
    /** Reads the first page again. */
    refresh: (): Promise<void> => read(null),
    /** Reads the next page. */
    more: async (): Promise<void> => {
      const cursor = list.next.peek();
      if (cursor !== null) await read(cursor);
    },
  };
  let isStale = false;

  const apply = ({ items, nextCursor }: ListPage<Item>, cursor: string | null): void => {
    const known = list.items.peek() ?? [];
    if (cursor !== null) {
      list.items.value = [...known, ...items];
      list.next.value = nextCursor;
      return;
    }
    const joined = withFirstPage(items, known, idOf);
    list.items.value = joined.items;
    if (!joined.hasLater) list.next.value = nextCursor;
  };

  const read = async (cursor: string | null): Promise<void> => {
    if (list.isLoading.peek()) {
      isStale ||= cursor === null;
      return;
    }
    list.isLoading.value = true;
    const onWait = (): void => {
      list.isWaiting.value = true;
    };
    const result = await request(cursor === null ? {} : { cursor }, { onWait });
    batch(() => {
      list.isWaiting.value = false;
      list.isLoading.value = false;
      list.failure.value = result.ok ? null : result;
      if (result.ok) apply(result.value, cursor);
    });
    if (!isStale) return;
    isStale = false;
    await read(null);
  };
  return list;
};

export type PagedList = Omit<ReturnType<typeof pagedList<never, string>>, "items"> & {
  readonly items: Pick<Signal<readonly unknown[] | null>, "value">;
};
