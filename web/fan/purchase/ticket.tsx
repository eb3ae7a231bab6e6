import type { Concert, Ticket } from "../../../sdk/generated/index.ts";
import { formatDate, formatMoment } from "../../shared/format.ts";
import { QrCode } from "./qr.tsx";
import { purchaseTexts } from "./texts.ts";
import "./ticket.css";

export type ConcertsById = Readonly<Record<string, Concert>>;

const TicketCard = ({ ticket, concert }: { ticket: Ticket; concert: Concert | undefined }) => {
  const t = purchaseTexts();
  const { date, seatNumber, ticketId } = ticket;
  const startsAt = concert?.dates.find((show) => show.date === date)?.startsAt;
  return (
    <li class="ticket">
      <div class="ticket-text">
        <p class="small soft">{concert?.venue ?? t.ticket}</p>
        <h3>{concert?.title ?? t.ticket}</h3>
        <p class="num">
          {formatDate(date, { weekday: "short", year: "numeric", month: "short", day: "numeric" })}
          {startsAt !== undefined &&
            concert !== undefined &&
            ` ${formatMoment(startsAt, concert.timeZone, { timeStyle: "short" })}`}
        </p>
        <p class="ticket-seat num">{t.seat(seatNumber)}</p>
      </div>
      <figure>
        <QrCode text={ticketId} label={t.codeOf(seatNumber)} />
        <figcaption class="num">{ticketId.slice(-8).toUpperCase()}</figcaption>
      </figure>
    </li>
  );
};

/** Tickets, with the code that is shown at the door. */
export const TicketList = ({
  tickets,
  titles,
}: {
  tickets: readonly Ticket[];
  titles: ConcertsById;
}) => (
  <ul class="tickets">
    {tickets.map((ticket) => (
      <TicketCard key={ticket.ticketId} ticket={ticket} concert={titles[ticket.concertId]} />
    ))}
  </ul>
);
