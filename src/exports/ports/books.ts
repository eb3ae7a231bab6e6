import type { ConcertId } from "#kernel/ids.ts";
import type { Book, ExportNote, RecordOf } from "../domain/books.ts";

/** The books of the concerts in the database. */
export interface Books {
  /**
   * Yields all records of a book in a fixed order, as of one moment, in parts. Throws Unavailable, also in the middle.
   * A reader that returns early frees what the reading holds.
   */
  read<Name extends Book>(
    book: Name,
    concertId: ConcertId,
  ): AsyncGenerator<readonly RecordOf<Name>[], void, undefined>;
  /** Adds an export to the audit trail. Throws Unavailable. */
  note(note: ExportNote): Promise<void>;
}
