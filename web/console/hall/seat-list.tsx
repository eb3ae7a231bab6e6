import type { HallLayout, SectionShape } from "../../shared/hall/layout.ts";
import { Fold } from "../../shared/hall/fold.tsx";
import { placeName } from "../../shared/hall/names.ts";
import { placesText } from "../../shared/hall/place-texts.ts";
import { statusName, type SeatStatuses } from "../../shared/hall/seat-statuses.ts";
import { formatNumber } from "../../shared/language.ts";
import { texts } from "../texts.ts";
import { countIn, numbersOf, spansOf, type SeatChoice, type SeatSpan } from "./choice.ts";
import { houseTexts } from "./house-texts.ts";

const shown = ["AVAILABLE", "HELD", "SOLD", "BLOCKED"] as const;

interface ListProps {
  readonly layout: HallLayout;
  readonly statuses: SeatStatuses;
  readonly choice: SeatChoice;
}

type SectionProps = ListProps & { readonly section: SectionShape["section"] };

/** "200 free, 3 held": the counts of a span, of free seats also when it is 0. */
const countsText = (statuses: SeatStatuses, span: SeatSpan): string => {
  const t = houseTexts();
  const counts = { AVAILABLE: 0, HELD: 0, SOLD: 0, BLOCKED: 0 };
  for (let seat = span.firstSeat; seat <= span.lastSeat; seat += 1)
    counts[statusName(statuses, seat)] += 1;
  return shown
    .filter((status) => status === "AVAILABLE" || counts[status] > 0)
    .map((status) => t.counts[status](formatNumber(counts[status])))
    .join(", ");
};

/** Chooses all seats of a span. */
const All = ({ choice, span, text }: { choice: SeatChoice; span: SeatSpan; text: string }) => {
  const count = countIn(choice.chosen.value, span);
  const total = span.lastSeat - span.firstSeat + 1;
  return (
    <label class="row check">
      <input
        type="checkbox"
        checked={count === total}
        indeterminate={count > 0 && count < total}
        onChange={(event) => choice.chooseAll(span, event.currentTarget.checked)}
      />
      {text}
    </label>
  );
};

const SeatItem = ({ layout, statuses, choice, seatNumber }: ListProps & { seatNumber: number }) => {
  const place = placeName(layout.plan, seatNumber);
  return (
    <li>
      <label class="row check num">
        <input
          type={choice.isHouse.value ? "checkbox" : "radio"}
          checked={choice.chosen.value.has(seatNumber)}
          onChange={() => choice.choose(seatNumber)}
        />
        <span class="visually-hidden">
          {place.row === null ? `${place.section}, ` : `${placesText([place])}, `}
        </span>
        {place.name ?? houseTexts().place(formatNumber(seatNumber))}
        <span class="soft small">{texts().status[statusName(statuses, seatNumber)]}</span>
      </label>
    </li>
  );
};

const Span = (props: SectionProps & { span: SeatSpan }) => {
  const t = houseTexts();
  const { layout, statuses, choice, section, span } = props;
  const [from, to] = [formatNumber(span.firstSeat), formatNumber(span.lastSeat)];
  const row = placeName(layout.plan, span.firstSeat).row ?? "";
  const isStanding = section.kind === "STANDING";
  const counts = countsText(statuses, span);
  return (
    <Fold title={isStanding ? t.placesOf(from, to, counts) : t.rowOf(row, counts)}>
      {() => (
        <>
          {choice.isHouse.value && (
            <All
              choice={choice}
              span={span}
              text={isStanding ? t.allOfPlaces(from, to) : t.allOfRow(row)}
            />
          )}
          <ul class="seat-items">
            {numbersOf(span).map((seatNumber) => (
              <SeatItem key={seatNumber} {...props} seatNumber={seatNumber} />
            ))}
          </ul>
        </>
      )}
    </Fold>
  );
};

/** All seats of a date by section and row, for every operator who does not use the map. */
export const SeatList = (props: ListProps) => {
  const t = houseTexts();
  const { layout, statuses, choice } = props;
  return (
    <ul class="seat-list">
      {layout.sections.map(({ section }) => (
        <li key={section.firstSeat}>
          <Fold title={t.sectionOf(section.name ?? "", countsText(statuses, section))}>
            {() => (
              <div class="inner">
                {choice.isHouse.value && (
                  <All choice={choice} span={section} text={t.allOf(section.name ?? "")} />
                )}
                {spansOf(section).map((span) => (
                  <Span key={span.firstSeat} {...props} section={section} span={span} />
                ))}
              </div>
            )}
          </Fold>
        </li>
      ))}
    </ul>
  );
};
