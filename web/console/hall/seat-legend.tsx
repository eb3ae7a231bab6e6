import { marks, shapes } from "../../shared/hall/shapes.ts";
import { texts } from "../texts.ts";

const [shape] = shapes;
const paths = {
  AVAILABLE: [shape],
  HELD: [shape],
  SOLD: [marks.sold],
  BLOCKED: [shape, marks.blocked],
} as const;

/** How the map shows each status. */
export const SeatLegend = () => (
  <ul class="row small legend">
    {(["AVAILABLE", "HELD", "SOLD", "BLOCKED"] as const).map((status) => (
      <li key={status}>
        <svg class={`seat-key is-${status}`} viewBox="0 0 24 24" aria-hidden="true">
          {paths[status].map((path) => (
            <path key={path} d={path} />
          ))}
        </svg>{" "}
        {texts().status[status]}
      </li>
    ))}
  </ul>
);
