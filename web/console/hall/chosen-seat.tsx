import { useState } from "preact/hooks";
import { listSeatHolders } from "../../../sdk/generated/operator.ts";
import type { ConcertOnSale, SeatHolders } from "../../../sdk/generated/schemas.ts";
import { formatMoney } from "../../shared/format.ts";
import { placesText } from "../../shared/hall/place-texts.ts";
import { Away } from "../components.tsx";
import { momentIn } from "../moments.ts";
import { usePolled } from "../polling.ts";
import { RefundTickets } from "../refund-tickets.tsx";
import { Release } from "../release.tsx";
import { callOperator, may } from "../session.ts";
import { texts } from "../texts.ts";
import { TicketHolders } from "./ticket-holders.tsx";

type Seat = SeatHolders["items"][number];

const Holder = ({ seat, concert }: { seat: Seat; concert: ConcertOnSale }) => {
  const t = texts();
  const untilIn = momentIn(concert.timeZone, { timeStyle: "medium" });
  if (seat.userId === null) return null;
  return (
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
  );
};

interface ChosenProps {
  readonly concert: ConcertOnSale;
  readonly date: string;
  readonly seatNumber: number;
  readonly onRelease: () => void;
}

/** One seat with its holder, as the database has it now, the release of its hold, and the refund of its ticket. */
export const ChosenSeat = ({ concert, date, seatNumber, onRelease }: ChosenProps) => {
  const t = texts();
  const { concertId, currency } = concert;
  const [releasing, setReleasing] = useState<string | null>(null);
  const [refunding, setRefunding] = useState<string | null>(null);
  const read = async (): Promise<Seat | null> => {
    const input = { concertId, date, seatNumber: String(seatNumber) };
    const result = await callOperator(listSeatHolders, input, { retry: { triesMax: 1 } });
    return result.ok ? (result.value.items[0] ?? null) : null;
  };
  const { value: seat, hasFailed, refresh } = usePolled(read, 1_000, [concertId, date, seatNumber]);
  const done = (isReleased: boolean): void => {
    setReleasing(null);
    setRefunding(null);
    if (!isReleased) return;
    refresh();
    onRelease();
  };
  if (seat === null) return hasFailed ? <Away /> : null;
  return (
    <div class="note stack tight">
      <b class="num">
        {[
          placesText([seat]),
          seat.grade,
          formatMoney(seat.price, currency),
          t.status[seat.status],
        ].join(" · ")}
      </b>
      <Holder seat={seat} concert={concert} />
      {seat.ticketId !== null && (
        <TicketHolders key={seat.ticketId} ticketId={seat.ticketId} timeZone={concert.timeZone} />
      )}
      {seat.status === "HELD" && may("manage") && (
        <button
          class="button quiet danger"
          type="button"
          onClick={() => setReleasing(seat.reservationId)}
        >
          {t.release}
        </button>
      )}
      {seat.ticketId !== null && may("administer") && (
        <button
          class="button quiet danger"
          type="button"
          onClick={() => setRefunding(seat.ticketId)}
        >
          {t.refund}
        </button>
      )}
      {refunding !== null && (
        <RefundTickets
          concertId={concertId}
          named={{ ticketIds: [refunding] }}
          what={placesText([seat])}
          onDone={done}
        />
      )}
      {releasing !== null && (
        <Release
          reservationId={releasing}
          seats={placesText([seat])}
          hasEnded={seat.reservationId !== releasing || seat.status !== "HELD"}
          onDone={done}
        />
      )}
    </div>
  );
};
