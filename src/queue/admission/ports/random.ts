/** Returns evenly spread numbers from 0 (included) to 1 (excluded). */
export type Random = () => number;
