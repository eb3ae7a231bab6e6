import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { ConcertOnSale, UserRecord } from "../../../sdk/generated/schemas.ts";
import { formatDate, formatMoney } from "../../shared/format.ts";
import { placesText } from "../../shared/hall/place-texts.ts";
import { Panel } from "../components.tsx";
import { momentIn, ownZone } from "../moments.ts";
import { eventText, placeText } from "../place-history-texts.ts";
import { Release } from "../release.tsx";
import { may } from "../session.ts";
import { texts } from "../texts.ts";
import { findTexts } from "./find-texts.ts";
import { PaymentRefund } from "./payment-refund.tsx";

type Concerts = ReadonlyMap<string, ConcertOnSale>;

interface ListProps {
  readonly record: UserRecord;
  readonly concerts: Concerts;
  readonly onChange: () => void;
}

type Item<Part extends "places" | "reservations" | "payments" | "tickets" | "entries"> =
  UserRecord[Part]["items"][number];

/** A list of a user's record in a panel of its own. */
const Listed = <One,>(props: {
  readonly title: string;
  readonly list: { readonly items: readonly One[]; readonly complete: boolean };
  readonly children: (item: One) => ComponentChildren;
}) => {
  const t = findTexts();
  const { title, list } = props;
  return (
    <Panel title={title}>
      {list.items.length === 0 ? (
        <p class="small soft">{t.nothing}</p>
      ) : (
        <ul class="story">{list.items.map(props.children)}</ul>
      )}
      {!list.complete && <p class="small soft">{t.newest}</p>}
    </Panel>
  );
};

/** A link to a concert by its title, or by its id while the title is not known. */
const ConcertLink = ({ concertId, concerts }: { concertId: string; concerts: Concerts }) => (
  <a href={`/console/${concertId}`} data-in>
    {concerts.get(concertId)?.title ?? concertId}
  </a>
);

const momentOf = (concerts: Concerts, concertId: string | undefined) =>
  momentIn(concerts.get(concertId ?? "")?.timeZone ?? ownZone);

const PlaceItem = ({ place, concerts }: { place: Item<"places">; concerts: Concerts }) => {
  const moment = momentOf(concerts, place.concertId);
  return (
    <li class="stack tight">
      <span>
        <ConcertLink concertId={place.concertId} concerts={concerts} />
      </span>
      <details>
        <summary>{placeText(place, moment)}</summary>
        <ol class="events small">
          {place.events.map((event, n) => (
            <li key={n}>
              <span class="num soft">{event.at === null ? "–" : moment(event.at)}</span>{" "}
              {eventText(event, moment)}
            </li>
          ))}
        </ol>
      </details>
    </li>
  );
};

const ReservationItem = (props: {
  readonly reservation: Item<"reservations">;
  readonly concerts: Concerts;
  readonly onChange: () => void;
}) => {
  const t = findTexts();
  const { reservation, concerts, onChange } = props;
  const [isReleasing, setReleasing] = useState(false);
  const { reservationId, concertId, date, seats, amount, currency, status, expiresAt } =
    reservation;
  const moment = momentOf(concerts, concertId);
  const done = (isReleased: boolean): void => {
    setReleasing(false);
    if (isReleased) onChange();
  };
  return (
    <li class="stack tight">
      <span class="row apart">
        <ConcertLink concertId={concertId} concerts={concerts} />
        <span class="chip">{t.reservationStatus[status]}</span>
      </span>
      <span class="num">
        {[formatDate(date), placesText(seats), formatMoney(amount, currency)].join(" · ")}
        {status === "HELD" && ` · ${t.heldUntil(moment(expiresAt))}`}
      </span>
      <code class="small soft">{reservationId}</code>
      {status === "HELD" && may("manage") && (
        <span>
          <button class="button quiet danger" type="button" onClick={() => setReleasing(true)}>
            {texts().release}
          </button>
        </span>
      )}
      {isReleasing && (
        <Release
          reservationId={reservationId}
          seats={placesText(seats)}
          hasEnded={status !== "HELD"}
          onDone={done}
        />
      )}
    </li>
  );
};

const PaymentItem = (props: {
  readonly payment: Item<"payments">;
  readonly concerts: Concerts;
  readonly onChange: () => void;
}) => {
  const { payment, concerts, onChange } = props;
  const { paymentId, tickets, amount, currency, paidAt } = payment;
  const [first] = tickets;
  return (
    <li class="stack tight">
      {first !== undefined && (
        <span>
          <ConcertLink concertId={first.concertId} concerts={concerts} />
        </span>
      )}
      <span class="num">
        {[
          formatMoney(amount, currency),
          placesText(tickets),
          momentOf(concerts, first?.concertId)(paidAt),
        ].join(" · ")}
      </span>
      <code class="small soft">{paymentId}</code>
      <PaymentRefund
        payment={payment}
        concert={concerts.get(first?.concertId ?? "")}
        onRefunded={onChange}
      />
    </li>
  );
};

const TicketItem = ({ ticket, concerts }: { ticket: Item<"tickets">; concerts: Concerts }) => {
  const t = findTexts();
  return (
    <li class="stack tight">
      <span class="row apart">
        <ConcertLink concertId={ticket.concertId} concerts={concerts} />
        <span class="chip">
          {ticket.voidReason ? t.voidReason[ticket.voidReason] : t.ticketStatus[ticket.status]}
        </span>
      </span>
      <span class="num">
        {[formatDate(ticket.date), placesText([ticket]), ticket.grade].join(" · ")}
      </span>
      <code class="small soft">{ticket.ticketId}</code>
    </li>
  );
};

const EntryItem = ({ entry, currency }: { entry: Item<"entries">; currency: string }) => {
  const t = findTexts();
  return (
    <li class="row apart num">
      <span>
        {t.entryType[entry.type]} <b>{formatMoney(entry.amount, currency)}</b>{" "}
        <span class="small soft">{t.balanceAfter(formatMoney(entry.balance, currency))}</span>
      </span>
      <span class="small soft">{momentIn(ownZone)(entry.createdAt)}</span>
    </li>
  );
};

/** The places and reservations of a user. */
export const UserQueues = ({ record, concerts, onChange }: ListProps) => {
  const t = findTexts();
  return (
    <>
      <Listed title={t.places} list={record.places}>
        {(place) => (
          <PlaceItem
            key={`${place.concertId} ${place.epoch}.${place.seq}`}
            place={place}
            concerts={concerts}
          />
        )}
      </Listed>
      <Listed title={t.reservations} list={record.reservations}>
        {(reservation) => (
          <ReservationItem
            key={reservation.reservationId}
            reservation={reservation}
            concerts={concerts}
            onChange={onChange}
          />
        )}
      </Listed>
    </>
  );
};

/** The payments, tickets and changes of the balance of a user. */
export const UserMoney = ({ record, concerts, onChange }: ListProps) => {
  const t = findTexts();
  return (
    <>
      <Listed title={t.payments} list={record.payments}>
        {(payment) => (
          <PaymentItem
            key={payment.paymentId}
            payment={payment}
            concerts={concerts}
            onChange={onChange}
          />
        )}
      </Listed>
      <Listed title={t.tickets} list={record.tickets}>
        {(ticket) => <TicketItem key={ticket.ticketId} ticket={ticket} concerts={concerts} />}
      </Listed>
      <Listed title={t.entries} list={record.entries}>
        {(entry) => (
          <EntryItem key={entry.entryId} entry={entry} currency={record.balance.currency} />
        )}
      </Listed>
    </>
  );
};
