import { useState } from "preact/hooks";
import type { Failure } from "../../sdk/client.ts";
import { releaseReservation } from "../../sdk/generated/operator.ts";
import type { ConcertOnSale, SeatHolders as SeatingState } from "../../sdk/generated/schemas.ts";
import { formatDate, formatMoney } from "../shared/format.ts";
import { Dialog, Field, Panel } from "./components.tsx";
import { momentIn } from "./moments.ts";
import { SalesTable } from "./sales.tsx";
import { callOperator, refusalText } from "./session.ts";
import type { Snapshot } from "./snapshot.ts";
import { useSubmitting } from "./submitting.ts";
import { texts } from "./texts.ts";

type Seat = SeatingState["items"][number];

interface ReleaseProps {
  /** The reservation that the operator saw. Its seat may belong to another by the time of the answer. */
  readonly reservationId: string;
  readonly hasEnded: boolean;
  readonly onDone: (isReleased: boolean) => void;
}

const Release = ({ reservationId, hasEnded, onDone }: ReleaseProps) => {
  const t = texts();
  const [reason, setReason] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const { isBusy, run } = useSubmitting();
  const release = async (): Promise<void> => {
    const result = await callOperator(releaseReservation, { reservationId, body: { reason } });
    if (result.ok) onDone(true);
    else setFailure(result);
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(release);
  };
  return (
    <Dialog title={t.releaseTitle} onClose={() => onDone(false)}>
      <form class="stack" onSubmit={submit}>
        <p>{t.releaseWarn}</p>
        <Field label={t.reason} value={reason} onInput={setReason} required />
        {(hasEnded || failure !== null) && (
          <p class="note bad" role="alert">
            {hasEnded || failure === null ? t.holdOver : refusalText(failure)}
          </p>
        )}
        <div class="row">
          <button class="button quiet" type="button" onClick={() => onDone(false)}>
            {t.cancel}
          </button>
          <button
            class="button danger"
            disabled={hasEnded || reason.trim() === ""}
            aria-disabled={isBusy}
          >
            {t.releaseNow}
          </button>
        </div>
      </form>
    </Dialog>
  );
};

interface ChosenProps {
  readonly seat: Seat;
  readonly concert: ConcertOnSale;
  readonly onDone: (isReleased: boolean) => void;
}

const Chosen = ({ seat, concert, onDone }: ChosenProps) => {
  const t = texts();
  const untilIn = momentIn(concert.timeZone, { timeStyle: "medium" });
  const [releasing, setReleasing] = useState<string | null>(null);
  return (
    <div class="note stack tight">
      <b class="num">
        {seat.seatNumber} · {seat.grade} · {formatMoney(seat.price, concert.currency)} ·{" "}
        {t.status[seat.status]}
      </b>
      {seat.userId !== null && (
        <dl class="small">
          <dt class="soft">{t.user}</dt>
          <dd>
            <code>{seat.userId}</code>
          </dd>
          <dt class="soft">{t.reservation}</dt>
          <dd>
            <code>{seat.reservationId}</code>
          </dd>
          {seat.expiresAt !== null && (
            <>
              <dt class="soft">{t.until}</dt>
              <dd>{untilIn(seat.expiresAt)}</dd>
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
          {t.release}
        </button>
      )}
      {releasing !== null && (
        <Release
          reservationId={releasing}
          hasEnded={seat.reservationId !== releasing || seat.status !== "HELD"}
          onDone={(isReleased) => {
            setReleasing(null);
            onDone(isReleased);
          }}
        />
      )}
    </div>
  );
};

const SeatGrid = (props: {
  seating: SeatingState;
  chosen: number | null;
  onChoose: (seatNumber: number) => void;
}) => {
  const t = texts();
  const { seating, chosen, onChoose } = props;
  return (
    <>
      <div class="seat-grid" role="group" aria-label={t.seats}>
        {seating.items.map(({ seatNumber, grade, status }) => (
          <button
            key={seatNumber}
            type="button"
            class={`place is-${status}`}
            aria-pressed={seatNumber === chosen}
            aria-label={`${seatNumber}, ${grade}, ${t.status[status]}`}
            onClick={() => onChoose(seatNumber)}
          >
            {seatNumber}
          </button>
        ))}
      </div>
      <ul class="row small legend">
        {(["AVAILABLE", "HELD", "SOLD"] as const).map((status) => (
          <li key={status}>
            <i class={`place is-${status}`} aria-hidden="true" /> {t.status[status]}
          </li>
        ))}
      </ul>
    </>
  );
};

interface SeatHoldersProps {
  readonly snapshot: Snapshot;
  /** The selected date; null: the first one. */
  readonly date: string | null;
  readonly onDate: (date: string) => void;
  readonly onChange: () => void;
}

/** Sales by date and grade, the holder of each seat of a date, and the release of a hold. */
export const SeatHolders = ({ snapshot, onDate, onChange, ...selected }: SeatHoldersProps) => {
  const t = texts();
  const { concert, sales, seating } = snapshot;
  const date = selected.date ?? seating.date;
  const [chosen, setChosen] = useState<number | null>(null);
  const [isReleased, setReleased] = useState(false);
  const isShown = seating.date === date;
  const seat = isShown && seating.items.find(({ seatNumber }) => seatNumber === chosen);
  const choose = (seatNumber: number | null): void => {
    setChosen(seatNumber);
    setReleased(false);
  };
  const done = (wasReleased: boolean): void => {
    setReleased(wasReleased);
    onChange();
  };
  return (
    <Panel title={t.sales}>
      <p class="small soft">{t.salesHint}</p>
      <SalesTable
        concert={concert}
        sales={sales}
        date={date}
        onChoose={(day) => {
          onDate(day);
          choose(null);
        }}
      />
      <h3>{t.seatsOf(formatDate(date))}</h3>
      {isShown && (
        <>
          <SeatGrid seating={seating} chosen={chosen} onChoose={choose} />
          {!seat && <p class="small soft">{t.seatsHint}</p>}
        </>
      )}
      {seat && <Chosen key={chosen} seat={seat} concert={concert} onDone={done} />}
      <p role="status" class="small">
        {isReleased ? t.released : ""}
      </p>
    </Panel>
  );
};
