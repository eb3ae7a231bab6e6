import type { ComponentChildren } from "preact";
import { LoadError } from "../components.tsx";
import { concertTexts } from "../concerts/texts.ts";
import { RetryNote } from "../join/retry-note.tsx";
import { Isolated } from "../../shared/isolated.tsx";
import { failureText } from "../session/texts.ts";
import { texts } from "../texts/index.ts";
import type { PagedList } from "./paged-list.ts";

/** Isolates an item: one that cannot be shown stands as a line of text. */
export const ListItem = ({ children }: { children: ComponentChildren }) => (
  <Isolated fallback={<li class="note">{concertTexts().unshown}</li>}>{children}</Isolated>
);

/** A list between its own failure and the button for more. `empty` stands in place of no items. */
export const ListFrame = (props: {
  list: PagedList;
  empty: ComponentChildren;
  children: ComponentChildren;
}) => {
  const { list, empty, children } = props;
  const { value: items } = list.items;
  const { value: failure } = list.failure;
  return (
    <>
      {list.isWaiting.value && <RetryNote />}
      {failure !== null && (
        <LoadError text={failureText(failure)} onRetry={() => void list.refresh()} />
      )}
      {items === null && failure === null && !list.isWaiting.value && (
        <p class="soft">{texts().loading}</p>
      )}
      {items?.length === 0 ? empty : items !== null && children}
      {list.next.value !== null && (
        <button
          class="button quiet"
          type="button"
          disabled={list.isLoading.value}
          onClick={() => void list.more()}
        >
          {concertTexts().more}
        </button>
      )}
    </>
  );
};
