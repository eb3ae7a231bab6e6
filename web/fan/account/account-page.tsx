import { useEffect } from "preact/hooks";
import type { Reservation } from "../../../sdk/generated/index.ts";
import { formatDate, formatMoment, formatMoney } from "../../shared/format.ts";
import { effect, untracked } from "../../shared/signals.ts";
import { RetryNote } from "../join/retry-note.tsx";
import { ToList } from "../join/join.tsx";
import { concertTexts } from "../concerts/texts.ts";
import { Charge } from "../wallet/charge.tsx";
import { walletOf } from "../wallet/wallet.ts";
import { setPageTitle, PageHeading, LoadError } from "../components.tsx";
import { account as signedIn, type Account } from "../account.ts";
import { TicketList } from "../purchase/ticket.tsx";
import { purchaseTexts } from "../purchase/texts.ts";
import { texts } from "../texts/index.ts";
import { Devices } from "./devices.tsx";
import { recordsOf } from "./records.ts";
import { accountTexts } from "./texts.ts";
import "./account.css";

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

interface AccountProps {
  readonly account: Account;
}

const Loading = () => <p class="soft">{texts().loading}</p>;

const Tickets = ({ account }: AccountProps) => {
  const t = accountTexts();
  const { tickets, concerts } = recordsOf(account);
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

const Balance = ({ account }: AccountProps) => {
  const t = accountTexts();
  const { value: now } = walletOf(account).balance;
  return (
    <section class="card stack" aria-labelledby="balance">
      <h2 id="balance">{t.balance}</h2>
      <p class="balance num">{now === null ? "–" : formatMoney(now.balance, now.currency)}</p>
      <Charge account={account} />
    </section>
  );
};

const Entries = ({ account }: AccountProps) => {
  const t = accountTexts();
  const { entries, entriesNext, loadEntries } = recordsOf(account);
  const { value: balance } = walletOf(account).balance;
  const list = balance && entries.value;
  const money = (amount: number): string => formatMoney(amount, balance?.currency ?? "");
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
          {concertTexts().more}
        </button>
      )}
    </section>
  );
};

const ReservationRow = ({ reservation, title }: { reservation: Reservation; title: string }) => {
  const t = accountTexts();
  const { concertId, status, date, seatNumbers, amount, currency } = reservation;
  return (
    <li class="entry">
      <p class="row apart">
        <b class="grow">{title}</b>
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

const Reservations = ({ account }: AccountProps) => {
  const t = accountTexts();
  const { reservations, concerts } = recordsOf(account);
  const { value: list } = reservations;
  return (
    <section class="stack" aria-labelledby="reservations">
      <h2 id="reservations">{t.reservations}</h2>
      {list === null && <Loading />}
      {list?.length === 0 && <p class="soft">{t.noEntries}</p>}
      <ul>
        {list?.map((one) => (
          <ReservationRow
            key={one.reservationId}
            reservation={one}
            title={concerts.value[one.concertId]?.title ?? ""}
          />
        ))}
      </ul>
    </section>
  );
};

const OwnPage = ({ account }: AccountProps) => {
  const { isBusy, hasFailed, load, loadEntries } = recordsOf(account);
  useEffect(() => {
    void load();
    // Each charge adds an entry to the ledger.
    return effect(() => {
      if (walletOf(account).lastCharged.value !== null) untracked(() => void loadEntries());
    });
  }, [account]);
  return (
    <>
      {isBusy.value && <RetryNote />}
      {hasFailed.value && <LoadError text={texts().busy} onRetry={() => void load()} />}
      <Tickets account={account} />
      <div class="columns">
        <Balance account={account} />
        <Entries account={account} />
      </div>
      <Reservations account={account} />
      <Devices account={account} />
    </>
  );
};

/** The user's tickets, balance and reservations. */
export const AccountPage = () => {
  const t = accountTexts();
  const { value: account } = signedIn;
  setPageTitle(t.title);
  return (
    <div class={account === null ? "stack" : "stack wide-gap"}>
      <PageHeading>{t.title}</PageHeading>
      {account === null ? (
        <>
          <p>{t.nobody}</p>
          <p class="soft">{t.nobodyText}</p>
          <ToList />
        </>
      ) : (
        <OwnPage key={account.session.userId} account={account} />
      )}
    </div>
  );
};
