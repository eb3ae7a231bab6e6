import type { HeldTicket } from "../../../sdk/generated/index.ts";
import { formatDate, formatMoment } from "../../shared/format.ts";
import { placesText } from "../../shared/hall/place-texts.ts";
import type { Account } from "../account.ts";
import { lazy } from "../lazy.tsx";
import { ListItem } from "../lists/list-frame.tsx";
import { calendarFile } from "./calendar.ts";
import { QrCode } from "./qr.tsx";
import { SavePdf } from "./save-pdf.tsx";
import { purchaseTexts } from "./texts.ts";
import "./ticket.css";

/** A link that saves the show of a ticket, with all of the user's seats there, for a calendar. */
const CalendarLink = ({ ticket, places }: { ticket: HeldTicket; places: string }) => {
  const file = calendarFile(ticket, places, new Date());
  return (
    <a
      class="unprinted"
      href={`data:text/calendar;charset=utf-8,${encodeURIComponent(file)}`}
      download={`${ticket.date}.ics`}
    >
      {purchaseTexts().calendar}
    </a>
  );
};

const PassOn = lazy(
  () => import("../transfer/pass-on.tsx"),
  (part) => part.PassOn,
);

interface TicketProps {
  readonly ticket: HeldTicket;
  /** All tickets that are shown. */
  readonly all: readonly HeldTicket[];
  /** The holder, who can pass the tickets on; none where they are only shown. */
  readonly account?: Account | undefined;
}

/** The names of the seats that the user has in the show of a ticket. */
const placesOf = ({ concertId, date }: HeldTicket, all: readonly HeldTicket[]): string =>
  placesText(
    all.filter((it) => it.concertId === concertId && it.date === date && it.status === "VALID"),
  );

/** Why a ticket opens no door, in words. A page can be newer than the server, which then gives no reason. */
const stateText = ({ status, voidReason, cancelledAt }: HeldTicket): string => {
  const t = purchaseTexts();
  if (voidReason === "REFUNDED") return t.refunded;
  // A cancelled concert voids each ticket within minutes. A buyer who has passed the ticket on gets the money.
  if (cancelledAt) return t.cancelled;
  if (voidReason === "PASSED_ON") return t.passedOn;
  return status === "USED" ? t.used : t.notValid;
};

const TicketCard = ({ ticket, all, account }: TicketProps) => {
  const t = purchaseTexts();
  const { date, ticketId, title, venue, startsAt, timeZone, code, cancelledAt } = ticket;
  const { transfer, transferableUntil } = ticket;
  const isValid = ticket.status === "VALID" && !cancelledAt;
  const place = placesText([ticket]);
  return (
    <li class="ticket">
      <div class="ticket-text">
        <p class="small soft">{venue ?? t.ticket}</p>
        <h3>{title}</h3>
        <p class="num">
          {formatDate(date, { weekday: "short", year: "numeric", month: "short", day: "numeric" })}{" "}
          {formatMoment(startsAt, timeZone, { timeStyle: "short" })}
        </p>
        {isValid && (
          <p class="row">
            <CalendarLink ticket={ticket} places={placesOf(ticket, all)} />
            <SavePdf
              tickets={[ticket]}
              text={t.savePdf}
              label={t.savePdfOf(place)}
              class="text-button"
            />
          </p>
        )}
        <p class="ticket-seat num">{place}</p>
      </div>
      <figure>
        {isValid && code !== null ? (
          <QrCode text={code} label={t.codeOf(place)} />
        ) : (
          <span class="chip">{stateText(ticket)}</span>
        )}
        <figcaption class="num">{ticketId.slice(-8).toUpperCase()}</figcaption>
      </figure>
      {account !== undefined && (transferableUntil !== null || transfer !== null) && (
        <PassOn account={account} ticket={ticket} />
      )}
    </li>
  );
};

/** Tickets, with the code that is shown at the door. */
export const TicketList = ({
  tickets,
  account,
}: {
  tickets: readonly HeldTicket[];
  account?: Account;
}) => (
  <ul class="tickets">
    {tickets.map((ticket) => (
      <ListItem key={ticket.ticketId}>
        <TicketCard ticket={ticket} all={tickets} account={account} />
      </ListItem>
    ))}
  </ul>
);
