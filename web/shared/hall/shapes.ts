/** One shape for each grade, so that colour is not the only difference. Each is drawn in 24 by 24 units. */
export const shapes = [
  "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z",
  "M4.5 2.5h15a2 2 0 0 1 2 2v15a2 2 0 0 1-2 2h-15a2 2 0 0 1-2-2v-15a2 2 0 0 1 2-2z",
  "M7 2h10l5 10-5 10H7L2 12z",
  "M3 10a9 8 0 0 1 18 0v11.500H3z",
  "M12 1.500 22.500 12 12 22.500 1.500 12z",
  "M8 2h8v6h6v8h-6v6H8v-6H2V8h6z",
];

/** The marks of a seat that is not free. */
export const marks = {
  sold: "M7 7l10 10M17 7 7 17",
  blocked: "M6 12h12",
  selected: "m6.500 12.500 4 4 7-8.500",
} as const;

/** Whether the text on a shape is light or dark, by its colour. */
export const inks = ["light", "dark", "light", "light", "dark", "light"];
