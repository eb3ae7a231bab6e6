import type { ConcertId } from "#kernel/ids.ts";
import type { SeatingPlan } from "#kernel/seating-plan.ts";
import { cellsOf, headOf, type Book, type ExportNote } from "../domain/books.ts";
import { byteOrderMark, csvRecord } from "../domain/csv.ts";
import type { Books } from "../ports/books.ts";
import type { SeatingPlans } from "../ports/seating-plans.ts";

export interface ExportBookDeps {
  readonly books: Books;
  readonly plans: SeatingPlans;
}

export type ExportBookOutcome =
  | { readonly kind: "concert-not-found" }
  /** A CSV file in parts. It fails in the middle when a store does: a file that ends is whole. */
  | { readonly kind: "file"; readonly file: AsyncIterable<string> };

async function* fileOf(
  books: Books,
  book: Book,
  concertId: ConcertId,
  plan: SeatingPlan,
): AsyncGenerator<string, void, undefined> {
  let head = byteOrderMark + csvRecord(headOf(book));
  for await (const records of books.read(book, concertId)) {
    yield head + records.map((record) => csvRecord(cellsOf(book, record, plan))).join("");
    head = "";
  }
  if (head !== "") yield head;
}

/** The same source after its first part was read. Its `return` reaches the source, also before the first part is taken. */
const begun = async (source: AsyncGenerator<string, void, undefined>) => {
  let first: Promise<IteratorResult<string, void>> | null = Promise.resolve(await source.next());
  const iterator: AsyncIterator<string, void, undefined> = {
    next() {
      const next = first ?? source.next();
      first = null;
      return next;
    },
    return: () => source.return(),
  };
  return { [Symbol.asyncIterator]: () => iterator };
};

/**
 * Exports a book of a concert as CSV, as of one moment. The audit trail has the export before the file leaves.
 *
 * Outcomes, first that applies: `concert-not-found`, `file`. Throws Unavailable before the file begins, or in its
 * middle. Memory: one part of the file, whatever its length.
 */
export const exportBook =
  ({ books, plans }: ExportBookDeps) =>
  async (note: ExportNote): Promise<ExportBookOutcome> => {
    const { book, concertId } = note;
    const plan = await plans.find(concertId);
    if (plan === null) return { kind: "concert-not-found" };
    const source = fileOf(books, book, concertId, plan);
    const file = await begun(source);
    let isNoted = false;
    try {
      await books.note(note);
      isNoted = true;
    } finally {
      if (!isNoted) await source.return();
    }
    return { kind: "file", file };
  };
