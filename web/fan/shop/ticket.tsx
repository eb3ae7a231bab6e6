import type { Concert, Ticket } from "../../../sdk/generated/index.ts";
import { formatDate, formatMoment } from "../../shared/language.ts";
import { QrCode } from "./qr.tsx";
import { shopWords } from "./words.ts";
import "./ticket.css";

export type Titles = Readonly<Record<string, Concert>>;

const TicketCard = ({ ticket, concert }: { ticket: Ticket; concert: Concert | undefined }) => {
  const w = shopWords();
  const { date, seatNumber, ticketId } = ticket;
  const startsAt = concert?.dates.find((show) => show.date === date)?.startsAt;
  return (
    <li class="ticket">
      <div class="ticket-text">
        <p class="small soft">{concert?.venue ?? w.ticket}</p>
        <h3>{concert?.title ?? w.ticket}</h3>
        <p class="num">
          {formatDate(date, { weekday: "short", year: "numeric", month: "short", day: "numeric" })}
          {startsAt !== undefined &&
            concert !== undefined &&
            ` ${formatMoment(startsAt, concert.timeZone, { timeStyle: "short" })}`}
        </p>
        <p class="ticket-seat num">{w.seat(seatNumber)}</p>
      </div>
      <figure>
        <QrCode text={ticketId} label={w.codeOf(seatNumber)} />
        <figcaption class="num">{ticketId.slice(-8).toUpperCase()}</figcaption>
      </figure>
    </li>
  );
};

/** Tickets as they are shown at the door. */
export const TicketList = ({ tickets, titles }: { tickets: readonly Ticket[]; titles: Titles }) => (
  <ul class="tickets">
    {tickets.map((ticket) => (
      <TicketCard key={ticket.ticketId} ticket={ticket} concert={titles[ticket.concertId]} />
    ))}
  </ul>
);
