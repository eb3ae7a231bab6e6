/** Seats that fit a wish, by index, and the sum of their distances to the focus, in metres. */
export interface Choice {
  readonly seats: readonly number[];
  readonly cost: number;
}

/** The free seats of a show in a batch, and what is known of its rows while they stay as they are. */
export interface FreeSeats {
  /** One element a seat: 1 when the seat is free. Only `setFree` changes it. */
  readonly bits: Uint8Array;
  /** The best choice in each row, by kind of choice, then by index of the row; null: there is none. */
  readonly choices: Map<string, (Choice | null | undefined)[]>;
  /** Indexes of the seats that have changed since the choices were made. */
  readonly changed: number[];
}

export const freeSeats = (bits: Uint8Array): FreeSeats => ({
  bits,
  choices: new Map(),
  changed: [],
});

export const setFree = ({ bits, changed }: FreeSeats, index: number, isFree: boolean): void => {
  if (bits[index] === Number(isFree)) return;
  bits[index] = Number(isFree);
  changed.push(index);
};

/**
 * The best choices of a kind that are known, by index of the row: undefined where the row has changed since, or where none
 * was made. The caller adds those that it makes. `rowOf` has the index of the row for each seat.
 */
export const knownChoices = (
  { choices, changed }: FreeSeats,
  rowOf: ArrayLike<number>,
  kind: string,
): (Choice | null | undefined)[] => {
  for (const index of changed) {
    for (const ofRows of choices.values()) ofRows[rowOf[index] ?? 0] = undefined;
  }
  changed.length = 0;
  const ofKind = choices.get(kind) ?? [];
  choices.set(kind, ofKind);
  return ofKind;
};
