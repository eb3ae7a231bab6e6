import { useEffect, useState } from "preact/hooks";
import type { ConcertOnSale, SeatHolders as SeatingState } from "../../sdk/generated/schemas.ts";
import { formatDate } from "../shared/format.ts";
import type { HallLayout } from "../shared/hall/layout.ts";
import { Away, Panel } from "./components.tsx";
import { createChoice, type SeatChoice } from "./hall/choice.ts";
import { ChosenSeat } from "./hall/chosen-seat.tsx";
import { HallSeats } from "./hall/hall-seats.tsx";
import { HouseSeats } from "./hall/house-seats.tsx";
import { houseTexts } from "./hall/house-texts.ts";
import { Radios } from "./radios.tsx";
import { hasSections } from "./hall/use-hall.ts";
import { useSeatMap } from "./hall/use-seat-map.ts";
import { SalesTable } from "./sales.tsx";
import { may } from "./session.ts";
import type { Snapshot } from "./snapshot.ts";
import { texts } from "./texts.ts";

interface GridProps {
  readonly seating: SeatingState;
  readonly choice: SeatChoice;
}

/** The seats of a hall without sections. */
const SeatGrid = ({ seating, choice }: GridProps) => {
  const t = texts();
  const { value: chosen } = choice.chosen;
  return (
    <>
      <div class="seat-grid" role="group" aria-label={t.seats}>
        {seating.items.map(({ seatNumber, grade, status }) => (
          <button
            key={seatNumber}
            type="button"
            class={`place is-${status}`}
            aria-pressed={chosen.has(seatNumber)}
            aria-label={`${seatNumber}, ${grade}, ${t.status[status]}`}
            onClick={(event) => choice.choose(seatNumber, event.shiftKey)}
          >
            {seatNumber}
          </button>
        ))}
      </div>
      <ul class="row small legend">
        {(["AVAILABLE", "HELD", "SOLD", "BLOCKED"] as const).map((status) => (
          <li key={status}>
            <i class={`place is-${status}`} aria-hidden="true" /> {t.status[status]}
          </li>
        ))}
      </ul>
    </>
  );
};

interface DateProps {
  readonly concert: ConcertOnSale;
  readonly hall: HallLayout;
  readonly date: string;
  readonly onChange: () => void;
}

interface ActionsProps extends DateProps {
  readonly choice: SeatChoice;
}

/** The holder of one seat, or the form for house seats. */
const Actions = ({ concert, hall, date, choice, onChange }: ActionsProps) => {
  const t = texts();
  const [isReleased, setReleased] = useState(false);
  const [seatNumber] = choice.chosen.value;
  if (choice.isHouse.value) {
    const { plan } = hall;
    return (
      <HouseSeats concert={concert} date={date} plan={plan} choice={choice} onChange={onChange} />
    );
  }
  return (
    <>
      {seatNumber === undefined ? (
        <p class="small soft">{t.seatsHint}</p>
      ) : (
        <ChosenSeat
          key={seatNumber}
          concert={concert}
          date={date}
          seatNumber={seatNumber}
          onRelease={() => {
            setReleased(true);
            onChange();
          }}
        />
      )}
      <p role="status" class="small">
        {isReleased ? t.released : ""}
      </p>
    </>
  );
};

const ModeRadios = ({ choice }: { choice: SeatChoice }) => {
  const t = houseTexts();
  const modes = [
    [false, t.oneSeat],
    [true, t.houseSeats],
  ] as const;
  return (
    <Radios
      name="seat-mode"
      legend={t.choose}
      value={choice.isHouse.value}
      options={modes}
      onChoose={(isHouse) => {
        choice.isHouse.value = isHouse;
        choice.clear();
      }}
    />
  );
};

/** The seats of a date in a hall with sections, on its map. */
const SeatsOnMap = (props: ActionsProps) => {
  const { concert, hall, date, choice, onChange } = props;
  const { statuses, hasFailed, refresh } = useSeatMap(concert.concertId, date, hall);
  const change = (): void => {
    refresh();
    onChange();
  };
  return (
    <>
      {hasFailed && <Away />}
      <HallSeats layout={hall} statuses={statuses} choice={choice} />
      <Actions {...props} onChange={change} />
    </>
  );
};

const SeatsOfDate = (props: DateProps & { seating: SeatingState | null }) => {
  const { hall, date, seating } = props;
  const [choice] = useState(() => createChoice(hall.plan));
  useEffect(() => choice.clear, [date]);
  return (
    <>
      {may("manage") && <ModeRadios choice={choice} />}
      {hasSections(hall) ? (
        <SeatsOnMap key={date} {...props} choice={choice} />
      ) : (
        seating !== null && (
          <>
            <SeatGrid seating={seating} choice={choice} />
            <Actions key={date} {...props} choice={choice} />
          </>
        )
      )}
    </>
  );
};

interface SeatHoldersProps {
  readonly snapshot: Snapshot;
  /** Null while it is not known. */
  readonly hall: HallLayout | null;
  readonly onDate: (date: string) => void;
  readonly onChange: () => void;
}

/** Sales by date and grade, the holder of each seat of a date, and its house seats. */
export const SeatHolders = ({ snapshot, hall, onDate, onChange }: SeatHoldersProps) => {
  const t = texts();
  const { concert, sales, seating, date } = snapshot;
  return (
    <Panel title={t.sales}>
      <p class="small soft">{t.salesHint}</p>
      <SalesTable concert={concert} sales={sales} date={date} onChoose={onDate} />
      <h3>{t.seatsOf(formatDate(date))}</h3>
      {hall !== null && (
        <SeatsOfDate
          concert={concert}
          hall={hall}
          date={date}
          seating={seating}
          onChange={onChange}
        />
      )}
    </Panel>
  );
};
