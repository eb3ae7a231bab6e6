import { useState } from "preact/hooks";
import type { Failure } from "../../sdk/client.ts";
import { listSeatHolders, readSales, releaseReservation } from "../../sdk/generated/operator.ts";
import type { ConcertOnSale, SeatHolders as Hall } from "../../sdk/generated/schemas.ts";
import { formatDate, formatMoment, formatMoney } from "../shared/language.ts";
import { Dialog, Field, Panel } from "./parts.tsx";
import { usePolled } from "./polled.ts";
import { SalesTable } from "./sales.tsx";
import { ask, refusalText } from "./session.ts";
import { words } from "./words.ts";

type Seat = Hall["items"][number];

interface ReleaseProps {
  /** The one that the operator has seen: the seat may be another's by the time he says yes. */
  readonly reservationId: string;
  readonly isOver: boolean;
  readonly onDone: (isReleased: boolean) => void;
}

const Release = ({ reservationId, isOver, onDone }: ReleaseProps) => {
  const w = words();
  const [reason, setReason] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const result = await ask(releaseReservation, { reservationId, body: { reason } });
    if (result.ok) onDone(true);
    else setFailure(result);
  };
  return (
    <Dialog title={w.releaseTitle} onClose={() => onDone(false)}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <p>{w.releaseWarn}</p>
        <Field label={w.reason} value={reason} onInput={setReason} required />
        {(isOver || failure !== null) && (
          <p class="note bad" role="alert">
            {isOver || failure === null ? w.holdOver : refusalText(failure)}
          </p>
        )}
        <div class="row">
          <button class="button quiet" type="button" onClick={() => onDone(false)}>
            {w.cancel}
          </button>
          <button class="button danger" disabled={isOver || reason.trim() === ""}>
            {w.releaseNow}
          </button>
        </div>
      </form>
    </Dialog>
  );
};

interface ChosenProps {
  readonly seat: Seat;
  readonly zone: string;
  readonly currency: string;
}

const Chosen = (props: ChosenProps & { onDone: (isReleased: boolean) => void }) => {
  const w = words();
  const { seat, zone, currency, onDone } = props;
  const [releasing, setReleasing] = useState<string | null>(null);
  return (
    <div class="note stack tight">
      <b class="num">
        {seat.seatNumber} · {seat.grade} · {formatMoney(seat.price, currency)} ·{" "}
        {w.status[seat.status]}
      </b>
      {seat.userId !== null && (
        <dl class="small">
          <dt class="soft">{w.user}</dt>
          <dd>
            <code>{seat.userId}</code>
          </dd>
          <dt class="soft">{w.reservation}</dt>
          <dd>
            <code>{seat.reservationId}</code>
          </dd>
          {seat.expiresAt !== null && (
            <>
              <dt class="soft">{w.until}</dt>
              <dd>{formatMoment(seat.expiresAt, zone, { timeStyle: "medium" })}</dd>
            </>
          )}
        </dl>
      )}
      {seat.status === "HELD" && (
        <button
          class="button quiet danger"
          type="button"
          onClick={() => setReleasing(seat.reservationId)}
        >
          {w.release}
        </button>
      )}
      {releasing !== null && (
        <Release
          reservationId={releasing}
          isOver={seat.reservationId !== releasing || seat.status !== "HELD"}
          onDone={(isReleased) => {
            setReleasing(null);
            onDone(isReleased);
          }}
        />
      )}
    </div>
  );
};

const HallMap = (props: {
  hall: Hall;
  chosen: number | null;
  onChoose: (seatNumber: number) => void;
}) => {
  const w = words();
  const { hall, chosen, onChoose } = props;
  return (
    <>
      <div class="hall" role="group" aria-label={w.seats}>
        {hall.items.map(({ seatNumber, grade, status }) => (
          <button
            key={seatNumber}
            type="button"
            class={`place is-${status}`}
            aria-pressed={seatNumber === chosen}
            aria-label={`${seatNumber}, ${grade}, ${w.status[status]}`}
            onClick={() => onChoose(seatNumber)}
          >
            {seatNumber}
          </button>
        ))}
      </div>
      <ul class="row small legend">
        {(["AVAILABLE", "HELD", "SOLD"] as const).map((status) => (
          <li key={status}>
            <i class={`place is-${status}`} aria-hidden="true" /> {w.status[status]}
          </li>
        ))}
      </ul>
    </>
  );
};

const once = { patience: { triesMax: 1 } };

/** What is sold over the whole sale; every seat of a date and whose it is; a hold can be released. */
export const SeatHolders = ({ concert }: { concert: ConcertOnSale }) => {
  const w = words();
  const { concertId, dates, currency, timeZone } = concert;
  const [date, setDate] = useState(dates[0]?.date ?? "");
  const [chosen, setChosen] = useState<number | null>(null);
  const [isReleased, setReleased] = useState(false);
  const sales = usePolled(
    async () => {
      const result = await ask(readSales, { concertId }, once);
      return result.ok ? result.value : null;
    },
    2_000,
    [concertId],
  );
  const { value: hall, refresh } = usePolled(
    async () => {
      const result = await ask(listSeatHolders, { concertId, date }, once);
      return result.ok ? result.value : null;
    },
    2_000,
    [concertId, date],
  );
  const seat = hall?.date === date && hall.items.find(({ seatNumber }) => seatNumber === chosen);
  const choose = (seatNumber: number | null): void => {
    setChosen(seatNumber);
    setReleased(false);
  };
  const done = (wasReleased: boolean): void => {
    setReleased(wasReleased);
    refresh();
    sales.refresh();
  };
  return (
    <Panel title={w.sales}>
      <p class="small soft">{w.salesHint}</p>
      {sales.value !== null && (
        <SalesTable
          concert={concert}
          sales={sales.value}
          date={date}
          onChoose={(day) => {
            setDate(day);
            choose(null);
          }}
        />
      )}
      <h3>{w.seatsOf(formatDate(date))}</h3>
      {hall !== null && (
        <>
          <HallMap hall={hall} chosen={chosen} onChoose={choose} />
          {!seat && <p class="small soft">{w.seatsHint}</p>}
        </>
      )}
      {seat && (
        <Chosen key={chosen} seat={seat} zone={timeZone} currency={currency} onDone={done} />
      )}
      <p role="status" class="small">
        {isReleased ? w.released : ""}
      </p>
    </Panel>
  );
};
