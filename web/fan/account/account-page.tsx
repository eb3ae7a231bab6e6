import { useEffect } from "preact/hooks";
import type { Reservation } from "../../../sdk/generated/index.ts";
import { formatDate, formatMoment, formatMoney } from "../../shared/language.ts";
import { effect, untracked } from "../../shared/signals.ts";
import { RetryNote } from "../join/retry-note.tsx";
import { ToList } from "../join/join.tsx";
import { joinTexts } from "../join/texts.ts";
import { Charge } from "../wallet/charge.tsx";
import { lastCharged, wallet } from "../wallet/wallet.ts";
import { setPageTitle, PageHeading, LoadError } from "../components.tsx";
import { session } from "../session.ts";
import { TicketList } from "../purchase/ticket.tsx";
import { purchaseTexts } from "../purchase/texts.ts";
import { texts } from "../texts/index.ts";
import { Devices } from "./devices.tsx";
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
import { accountTexts } from "./texts.ts";
import "./account.css";

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const Loading = () => <p class="soft">{texts().loading}</p>;

const Tickets = () => {
  const t = accountTexts();
  const { value: mine } = tickets;
  return (
    <section class="stack" aria-labelledby="tickets">
      <h2 id="tickets">{t.tickets}</h2>
      {mine === null && <Loading />}
      {mine?.length === 0 && (
        <>
          <p class="soft">{t.noTickets}</p>
          <ToList />
        </>
      )}
      {mine !== null && <TicketList tickets={mine} titles={concerts.value} />}
    </section>
  );
};

const Balance = () => {
  const t = accountTexts();
  const { value: now } = wallet;
  return (
    <section class="card stack" aria-labelledby="balance">
      <h2 id="balance">{t.balance}</h2>
      <p class="balance num">{now === null ? "–" : formatMoney(now.balance, now.currency)}</p>
      <Charge />
    </section>
  );
};

const Entries = () => {
  const t = accountTexts();
  const { value: list } = entries;
  const money = (amount: number): string => formatMoney(amount, wallet.value?.currency ?? "KRW");
  return (
    <section class="stack" aria-labelledby="entries">
      <h2 id="entries">{t.entries}</h2>
      {list === null && <Loading />}
      {list?.length === 0 && <p class="soft">{t.noEntries}</p>}
      {list !== null && list.length > 0 && (
        <table class="num">
          <thead>
            <tr>
              <th scope="col">{t.when}</th>
              <th scope="col">{t.what}</th>
              <th scope="col">{t.amount}</th>
              <th scope="col">{t.left}</th>
            </tr>
          </thead>
          <tbody>
            {list.map(({ entryId, createdAt, type, amount, balance }) => (
              <tr key={entryId}>
                <td>
                  {formatMoment(createdAt, ownZone, { dateStyle: "short", timeStyle: "short" })}
                </td>
                <td>{t.type[type]}</td>
                <td>{money(amount)}</td>
                <td>
                  <span class="label" aria-hidden="true">
                    {t.left}
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
          {joinTexts().more}
        </button>
      )}
    </section>
  );
};

const ReservationRow = ({ reservation }: { reservation: Reservation }) => {
  const t = accountTexts();
  const { concertId, status, date, seatNumbers, amount, currency } = reservation;
  return (
    <li class="entry">
      <p class="row apart">
        <b class="grow">{concerts.value[concertId]?.title}</b>
        <span class={status === "HELD" ? "chip live" : "chip"}>{t.status[status]}</span>
      </p>
      <p class="soft num">
        {formatDate(date)} · {purchaseTexts().seats(seatNumbers)} · {formatMoney(amount, currency)}
      </p>
      {status === "HELD" && (
        <a class="button quiet" href={`/concerts/${concertId}`} data-in>
          {t.goOn}
        </a>
      )}
    </li>
  );
};

const Reservations = () => {
  const t = accountTexts();
  const { value: list } = reservations;
  return (
    <section class="stack" aria-labelledby="reservations">
      <h2 id="reservations">{t.reservations}</h2>
      {list === null && <Loading />}
      {list?.length === 0 && <p class="soft">{t.noEntries}</p>}
      <ul>
        {list?.map((one) => (
          <ReservationRow key={one.reservationId} reservation={one} />
        ))}
      </ul>
    </section>
  );
};

/** The user's tickets, balance and reservations. */
export const AccountPage = () => {
  const t = accountTexts();
  setPageTitle(t.title);
  useEffect(() => {
    void loadRecords();
    // Each charge adds an entry to the ledger.
    return effect(() => {
      if (lastCharged.value !== null) untracked(() => void loadEntries());
    });
  }, []);
  if (session.value === null) {
    return (
      <div class="stack">
        <PageHeading>{t.title}</PageHeading>
        <p>{t.nobody}</p>
        <p class="soft">{t.nobodyText}</p>
        <ToList />
      </div>
    );
  }
  return (
    <div class="stack wide-gap">
      <PageHeading>{t.title}</PageHeading>
      {isBusy.value && <RetryNote />}
      {hasFailed.value && <LoadError text={texts().busy} onRetry={() => void loadRecords()} />}
      <Tickets />
      <div class="columns">
        <Balance />
        <Entries />
      </div>
      <Reservations />
      <Devices />
    </div>
  );
};
