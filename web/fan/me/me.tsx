import { useEffect } from "preact/hooks";
import type { Reservation } from "../../../sdk/generated/index.ts";
import { formatDate, formatMoment, formatMoney } from "../../shared/language.ts";
import { effect, untracked } from "../../shared/signals.ts";
import { GoesOn } from "../door/goes-on.tsx";
import { ToList } from "../door/join.tsx";
import { doorWords } from "../door/words.ts";
import { Charge } from "../money/charge.tsx";
import { lastCharged, wallet } from "../money/wallet.ts";
import { setTitle, Title, Trouble } from "../parts.tsx";
import { session } from "../session.ts";
import { TicketList } from "../shop/ticket.tsx";
import { shopWords } from "../shop/words.ts";
import { words } from "../words/index.ts";
import { Browser } from "./browser.tsx";
import {
  concerts,
  entries,
  entriesNext,
  hasFailed,
  isBusy,
  loadEntries,
  loadRecords,
  reservations,
  tickets,
} from "./records.ts";
import { meWords } from "./words.ts";
import "./me.css";

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const Loading = () => <p class="soft">{words().loading}</p>;

const Tickets = () => {
  const w = meWords();
  const { value: mine } = tickets;
  return (
    <section class="stack" aria-labelledby="tickets">
      <h2 id="tickets">{w.tickets}</h2>
      {mine === null && <Loading />}
      {mine?.length === 0 && (
        <>
          <p class="soft">{w.noTickets}</p>
          <ToList />
        </>
      )}
      {mine !== null && <TicketList tickets={mine} titles={concerts.value} />}
    </section>
  );
};

const Balance = () => {
  const w = meWords();
  const { value: now } = wallet;
  return (
    <section class="card stack" aria-labelledby="balance">
      <h2 id="balance">{w.balance}</h2>
      <p class="balance num">{now === null ? "–" : formatMoney(now.balance, now.currency)}</p>
      <Charge />
    </section>
  );
};

const Entries = () => {
  const w = meWords();
  const { value: list } = entries;
  const money = (amount: number): string => formatMoney(amount, wallet.value?.currency ?? "KRW");
  return (
    <section class="stack" aria-labelledby="entries">
      <h2 id="entries">{w.entries}</h2>
      {list === null && <Loading />}
      {list?.length === 0 && <p class="soft">{w.noEntries}</p>}
      {list !== null && list.length > 0 && (
        <table class="num">
          <thead>
            <tr>
              <th scope="col">{w.when}</th>
              <th scope="col">{w.what}</th>
              <th scope="col">{w.amount}</th>
              <th scope="col">{w.left}</th>
            </tr>
          </thead>
          <tbody>
            {list.map(({ entryId, createdAt, type, amount, balance }) => (
              <tr key={entryId}>
                <td>
                  {formatMoment(createdAt, ownZone, { dateStyle: "short", timeStyle: "short" })}
                </td>
                <td>{w.type[type]}</td>
                <td>{money(amount)}</td>
                <td>
                  <span class="label" aria-hidden="true">
                    {w.left}
                  </span>{" "}
                  {money(balance)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {entriesNext.value !== null && (
        <button
          class="button quiet"
          type="button"
          onClick={() => void loadEntries(entriesNext.value ?? undefined)}
        >
          {doorWords().more}
        </button>
      )}
    </section>
  );
};

const ReservationRow = ({ reservation }: { reservation: Reservation }) => {
  const w = meWords();
  const { concertId, status, date, seatNumbers, amount, currency } = reservation;
  return (
    <li class="entry">
      <p class="row apart">
        <b class="grow">{concerts.value[concertId]?.title}</b>
        <span class={status === "HELD" ? "chip live" : "chip"}>{w.status[status]}</span>
      </p>
      <p class="soft num">
        {formatDate(date)} · {shopWords().seats(seatNumbers)} · {formatMoney(amount, currency)}
      </p>
      {status === "HELD" && (
        <a class="button quiet" href={`/concerts/${concertId}`} data-in>
          {w.goOn}
        </a>
      )}
    </li>
  );
};

const Reservations = () => {
  const w = meWords();
  const { value: list } = reservations;
  return (
    <section class="stack" aria-labelledby="reservations">
      <h2 id="reservations">{w.reservations}</h2>
      {list === null && <Loading />}
      {list?.length === 0 && <p class="soft">{w.noEntries}</p>}
      <ul>
        {list?.map((one) => (
          <ReservationRow key={one.reservationId} reservation={one} />
        ))}
      </ul>
    </section>
  );
};

/** What is one's own: tickets, balance, reservations. */
export const Me = () => {
  const w = meWords();
  setTitle(w.title);
  useEffect(() => {
    void loadRecords();
    // A charge has an entry of its own.
    return effect(() => {
      if (lastCharged.value !== null) untracked(() => void loadEntries());
    });
  }, []);
  if (session.value === null) {
    return (
      <div class="stack">
        <Title>{w.title}</Title>
        <p>{w.nobody}</p>
        <p class="soft">{w.nobodyText}</p>
        <ToList />
      </div>
    );
  }
  return (
    <div class="stack wide-gap">
      <Title>{w.title}</Title>
      {isBusy.value && <GoesOn />}
      {hasFailed.value && <Trouble text={words().busy} onRetry={() => void loadRecords()} />}
      <Tickets />
      <div class="columns">
        <Balance />
        <Entries />
      </div>
      <Reservations />
      <Browser />
    </div>
  );
};
