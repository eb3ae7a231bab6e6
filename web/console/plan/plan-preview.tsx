import { useMemo } from "preact/hooks";
import type { PlanInput } from "../../../src/catalogue/domain/plan-input.ts";
import { HallMap } from "../../shared/hall/hall-map.tsx";
import { ranksOf, type HallLayout } from "../../shared/hall/layout.ts";
import type { MapModel } from "../../shared/hall/live-map.ts";
import { mapTexts } from "../../shared/hall/map-texts.ts";
import { placeName } from "../../shared/hall/names.ts";
import { statusesAfter } from "../../shared/hall/seat-statuses.ts";
import { formatNumber } from "../../shared/language.ts";
import { signal } from "../../shared/signals.ts";
import { layoutOfInput, overlapsIn } from "./beside.ts";
import { planTexts } from "./plan-texts.ts";

const nothing = (): void => undefined;

/** The map of a plan in the making. `onSection`: a seat or a standing section was chosen. */
const modelOf = (layout: HallLayout, onSection: (at: number) => void): MapModel => {
  const { plan } = layout;
  const statuses = "A".repeat(plan.seatsTotal);
  return {
    layout,
    ranks: ranksOf(plan),
    statuses: signal(statusesAfter(layout, null, { version: "", statuses })),
    selected: () => [],
    texts: () => ({ stage: mapTexts().stage, left: formatNumber }),
    nameOf: (seatNumber) => placeName(plan, seatNumber).name ?? "",
    onReach: nothing,
    onChoose: (seatNumber) => onSection(layout.sectionOf[seatNumber - 1] ?? 0),
    onStanding: onSection,
  };
};

/** The layout of a plan, null for one that cannot be drawn. A JSON file may have anything in it. */
const drawable = (plan: PlanInput): HallLayout | null => {
  try {
    return layoutOfInput(plan);
  } catch {
    // The server names the faults.
    return null;
  }
};

/** As many pairs as a reader can use at once. */
const pairsShown = 10;

const Overlaps = ({ layout }: { layout: HallLayout }) => {
  const t = planTexts();
  const pairs = useMemo(() => overlapsIn(layout), [layout]);
  if (pairs.length === 0) return null;
  const names = pairs
    .slice(0, pairsShown)
    .map(([a, b]) => (a === b ? a : `${a} + ${b}`))
    .join(", ");
  return <p class="note bad">{t.overlaps(names)}</p>;
};

interface PreviewProps {
  readonly plan: PlanInput;
  readonly onSection: (at: number) => void;
}

/** A plan as fans will see it, before it is saved. A tap on a section changes it. */
export const PlanPreview = ({ plan, onSection }: PreviewProps) => {
  const t = planTexts();
  const layout = useMemo(() => drawable(plan), [plan]);
  const model = useMemo(() => (layout === null ? null : modelOf(layout, onSection)), [layout]);
  return (
    <div class="stack tight">
      <h2>{t.preview}</h2>
      {layout === null || model === null ? (
        <p class="note bad">{t.notDrawn}</p>
      ) : (
        <>
          <Overlaps layout={layout} />
          <HallMap model={model} hint={t.previewHint} />
        </>
      )}
    </div>
  );
};
