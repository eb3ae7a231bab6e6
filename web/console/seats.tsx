import { useState } from "preact/hooks";
import { listSeatHolders, releaseReservation } from "../../sdk/generated/operator.ts";
import type { ConcertOnSale, SeatHolders as Hall } from "../../sdk/generated/schemas.ts";
import { formatDate, formatMoment, formatMoney, formatNumber } from "../shared/language.ts";
import { Dialog, Field, Panel } from "./parts.tsx";
import { usePolled } from "./polled.ts";
import { ask, faultsOf } from "./session.ts";
import { words } from "./words.ts";

type Seat = Hall["items"][number];

const Release = ({ seat, onDone }: { seat: Seat; onDone: (isReleased: boolean) => void }) => {
  const w = words();
  const [reason, setReason] = useState("");
  const [trouble, setTrouble] = useState("");
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const reservationId = seat.reservationId ?? "";
    const result = await ask(releaseReservation, { reservationId, body: { reason } });
    if (result.ok) onDone(true);
    else
      setTrouble(
        faultsOf(result)
          .map(({ message }) => message)
          .join("; "),
      );
  };
  return (
    <Dialog title={w.release} onClose={() => onDone(false)}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <Field label={w.reason} value={reason} onInput={setReason} required />
        {trouble !== "" && (
          <p class="note bad" role="alert">
            {trouble}
          </p>
        )}
        <div class="row">
          <button class="button quiet" type="button" onClick={() => onDone(false)}>
            {w.cancel}
          </button>
          <button class="button danger" disabled={reason.trim() === ""}>
            {w.releaseNow}
          </button>
        </div>
      </form>
    </Dialog>
  );
};

const ByGrade = ({ seats, currency }: { seats: readonly Seat[]; currency: string }) => {
  const w = words();
  const grades = Map.groupBy(seats, ({ grade }) => grade);
  return (
    <table aria-label={w.byDate}>
      <thead>
        <tr>
          <th scope="col">{w.grade}</th>
          <th scope="col">{w.status.AVAILABLE}</th>
          <th scope="col">{w.status.HELD}</th>
          <th scope="col">{w.status.SOLD}</th>
          <th scope="col">{w.revenue}</th>
        </tr>
      </thead>
      <tbody>
        {[...grades].map(([grade, its]) => {
          const count = (status: Seat["status"]): number =>
            its.filter((seat) => seat.status === status).length;
          return (
            <tr key={grade}>
              <th scope="row">{grade}</th>
              <td class="num">{formatNumber(count("AVAILABLE"))}</td>
              <td class="num">{formatNumber(count("HELD"))}</td>
              <td class="num">{formatNumber(count("SOLD"))}</td>
              <td class="num">{formatMoney(count("SOLD") * (its[0]?.price ?? 0), currency)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
};

const Chosen = ({ seat, zone, onRelease }: { seat: Seat; zone: string; onRelease: () => void }) => {
  const w = words();
  return (
    <div class="note stack tight">
      <b class="num">
        {seat.seatNumber} · {seat.grade} · {w.status[seat.status]}
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
        <button class="button quiet danger" type="button" onClick={onRelease}>
          {w.release}
        </button>
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
        {hall.items.map(({ seatNumber, status }) => (
          <button
            key={seatNumber}
            type="button"
            class={`place is-${status}`}
            aria-pressed={seatNumber === chosen}
            aria-label={`${seatNumber}, ${w.status[status]}`}
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

/** Every seat of a date and whose it is; a hold can be released. */
export const SeatHolders = ({ concert }: { concert: ConcertOnSale }) => {
  const w = words();
  const { concertId, dates, currency, timeZone } = concert;
  const [date, setDate] = useState(dates[0]?.date ?? "");
  const [chosen, setChosen] = useState<number | null>(null);
  const [isReleasing, setReleasing] = useState(false);
  const [isReleased, setReleased] = useState(false);
  const { value: hall, refresh } = usePolled(
    async () => {
      const asked = { concertId, date };
      const result = await ask(listSeatHolders, asked, { patience: { triesMax: 1 } });
      return result.ok ? result.value : null;
    },
    2_000,
    [concertId, date],
  );
  const seat = hall?.items.find(({ seatNumber }) => seatNumber === chosen);
  return (
    <Panel title={w.seats}>
      <label class="field narrow">
        <span class="small">{w.date}</span>
        <select value={date} onChange={(event) => setDate(event.currentTarget.value)}>
          {dates.map((one) => (
            <option key={one.date} value={one.date}>
              {formatDate(one.date)}
            </option>
          ))}
        </select>
      </label>
      {hall !== null && (
        <>
          <ByGrade seats={hall.items} currency={currency} />
          <p class="small soft">{w.seatsHint}</p>
          <HallMap
            hall={hall}
            chosen={chosen}
            onChoose={(seatNumber) => {
              setChosen(seatNumber);
              setReleased(false);
            }}
          />
        </>
      )}
      {seat !== undefined && (
        <Chosen seat={seat} zone={timeZone} onRelease={() => setReleasing(true)} />
      )}
      <p role="status" class="small">
        {isReleased ? w.released : ""}
      </p>
      {isReleasing && seat !== undefined && (
        <Release
          seat={seat}
          onDone={(wasReleased) => {
            setReleasing(false);
            setReleased(wasReleased);
            refresh();
          }}
        />
      )}
    </Panel>
  );
};
