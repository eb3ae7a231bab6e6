import type { PolicyPreview } from "../../sdk/generated/schemas.ts";
import { formatNumber } from "../shared/language.ts";
import { duration } from "./parts.tsx";
import { words, type Words } from "./words.ts";

type Outlook = PolicyPreview["now"];

const endOf = (w: Words, { ends, endsAfterSeconds }: Outlook): string =>
  endsAfterSeconds === null ? w.ends[ends] : w.endsIn(w.ends[ends], duration(endsAfterSeconds));

const rowsOf = (w: Words): readonly (readonly [string, (it: Outlook) => string])[] => [
  [w.lastWait, (it) => (it.lastWaitSeconds === null ? w.noTurn : duration(it.lastWaitSeconds))],
  [w.turns, (it) => formatNumber(it.turns)],
  [w.onAverage, (it) => formatNumber(it.admissionsPerMinute)],
  [w.limited, (it) => (it.limitedBy === null ? "–" : w.limits[it.limitedBy])],
  [w.endsWith, (it) => endOf(w, it)],
];

interface OutlooksProps {
  readonly seen: PolicyPreview;
  /** False: nothing is changed yet, so there is nothing to compare with. */
  readonly isChanged: boolean;
}

/** How the queue goes on as things stand, and beside it under the change. */
export const Outlooks = ({ seen, isChanged }: OutlooksProps) => {
  const w = words();
  return (
    <div class="stack tight">
      <table aria-label={w.preview} class="outlook">
        <thead>
          <tr>
            <td />
            <th scope="col">{w.now}</th>
            <th scope="col">{w.changed}</th>
          </tr>
        </thead>
        <tbody>
          {rowsOf(w).map(([name, read]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="num">{read(seen.now)}</td>
              <td class="num">
                {isChanged ? <b>{read(seen.changed)}</b> : <span class="soft">–</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="small soft">
        {w.sooner} {!isChanged && w.previewHint}
      </p>
    </div>
  );
};

/** What is steered while a sale runs. */
export const steered = ["admissionsPerMinute", "maxActive", "shoppersPerSeat"] as const;

/** Each of them as a number of people. */
export type Wish = Readonly<Record<(typeof steered)[number], number>>;

/** The wish that `read` gives for each. */
export const wishBy = (read: (name: keyof Wish) => number): Wish => ({
  admissionsPerMinute: read("admissionsPerMinute"),
  maxActive: read("maxActive"),
  shoppersPerSeat: read("shoppersPerSeat"),
});
