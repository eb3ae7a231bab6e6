import type { HallLayout } from "./layout.ts";
import type { Palette } from "./palette.ts";
import type { SeatStatuses } from "./seat-statuses.ts";
import type { Size, View } from "./view.ts";

/** The words on the map. */
export interface SceneTexts {
  readonly stage: string;
  /** The count of a section's free seats as text. */
  readonly left: (count: number) => string;
}

/** Everything that the map shows. */
export interface Scene {
  readonly layout: HallLayout;
  readonly statuses: SeatStatuses;
  readonly ranks: Uint8Array;
  readonly selected: ReadonlySet<number>;
  /** The seat that the keyboard has reached. */
  readonly cursor: number | null;
  readonly view: View;
  readonly size: Size;
  readonly density: number;
  readonly palette: Palette;
  readonly texts: SceneTexts;
  readonly nameOf: (seatNumber: number) => string;
}

/** A font of the page for the canvas. */
export const fontOf = ({ font }: Palette, px: number, weight = 700): string =>
  `${weight} ${px}px ${font}`;
