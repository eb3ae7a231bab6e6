import { signal } from "../../shared/signals.ts";
import type { Place } from "./place-store.ts";

/** The place of the signed-in user in the concert that is open; null on the other pages. */
export const openedPlace = signal<Place | null>(null);
