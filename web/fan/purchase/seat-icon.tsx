import { inks, marks, shapes } from "../../shared/hall/shapes.ts";

export type Appearance = "AVAILABLE" | "HELD" | "SOLD" | "selected";

/** A seat: the shape tells the grade, the fill tells the status. */
export const SeatIcon = ({
  grade,
  appearance,
  text,
}: {
  grade: number;
  appearance: Appearance;
  text: string;
}) => {
  const kind = grade % shapes.length;
  return (
    <svg
      class={`glyph grade-${kind} is-${appearance} on-${inks[kind]}`}
      viewBox="0 0 24 24"
      aria-hidden
    >
      {appearance === "SOLD" ? <path d={marks.sold} /> : <path d={shapes[kind]} />}
      {appearance === "selected" && <path class="tick" d={marks.selected} />}
      {(appearance === "AVAILABLE" || appearance === "HELD") && (
        <text x="12" y="15.500" text-anchor="middle">
          {text}
        </text>
      )}
    </svg>
  );
};
