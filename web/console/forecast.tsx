import type { PolicyPreview } from "../../sdk/generated/schemas.ts";
import { formatNumber } from "../shared/language.ts";
import { duration } from "./components.tsx";
import { texts, type Texts } from "./texts.ts";

type Forecast = PolicyPreview["now"];

const endOf = (t: Texts, { ends, endsAfterSeconds }: Forecast): string =>
  endsAfterSeconds === null ? t.ends[ends] : t.endsIn(t.ends[ends], duration(endsAfterSeconds));

const rowsOf = (t: Texts): readonly (readonly [string, (it: Forecast) => string])[] => [
  [t.lastWait, (it) => (it.lastWaitSeconds === null ? t.noTurn : duration(it.lastWaitSeconds))],
  [
    t.lastWaitMost,
    (it) => (it.lastWaitP90Seconds === null ? "–" : duration(it.lastWaitP90Seconds)),
  ],
  [t.turns, (it) => formatNumber(it.turns)],
  [t.onAverage, (it) => formatNumber(it.admissionsPerMinute)],
  [t.limited, (it) => (it.limitedBy === null ? "–" : t.limits[it.limitedBy])],
  [t.endsWith, (it) => endOf(t, it)],
];

interface ForecastTableProps {
  readonly preview: PolicyPreview;
  /** False: the operator has changed nothing, so the second column is empty. */
  readonly isChanged: boolean;
}

/** The forecast under the present settings, and beside it under the changed ones. */
export const ForecastTable = ({ preview, isChanged }: ForecastTableProps) => {
  const t = texts();
  return (
    <div class="stack tight">
      <table aria-label={t.preview} class="forecast">
        <thead>
          <tr>
            <td />
            <th scope="col">{t.now}</th>
            <th scope="col">{t.changed}</th>
          </tr>
        </thead>
        <tbody>
          {rowsOf(t).map(([name, read]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="num">{read(preview.now)}</td>
              <td class="num">
                {isChanged ? <b>{read(preview.changed)}</b> : <span class="soft">–</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="small soft">
        {t.previewNote} {!isChanged && t.previewHint}
      </p>
    </div>
  );
};

/** Policy fields that the operator can change during a sale. */
export const adjustable = ["admissionsPerMinute", "maxActive", "shoppersPerSeat"] as const;

/** A value of each; all are numbers of people. */
export type Settings = Readonly<Record<(typeof adjustable)[number], number>>;

/** Builds the settings from a value of each field. */
export const settingsBy = (read: (name: keyof Settings) => number): Settings => ({
  admissionsPerMinute: read("admissionsPerMinute"),
  maxActive: read("maxActive"),
  shoppersPerSeat: read("shoppersPerSeat"),
});
