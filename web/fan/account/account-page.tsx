import { useEffect } from "preact/hooks";
import type { LedgerEntry, Reservation } from "../../../sdk/generated/index.ts";
import { formatDate, formatMoment, formatMoney } from "../../shared/format.ts";
import { ToList } from "../join/join.tsx";
import { ListFrame } from "../lists/list-frame.tsx";
import { Charge } from "../wallet/charge.tsx";
import { walletOf } from "../wallet/wallet.ts";
import { setPageTitle, PageHeading, LoadError } from "../components.tsx";
import { account as signedIn, type Account } from "../account.ts";
import { TicketList } from "../purchase/ticket.tsx";
import { purchaseTexts } from "../purchase/texts.ts";
import { RecoveryCode, RecoveryForm, SessionEnded } from "../session/recovery.tsx";
import { Devices } from "./devices.tsx";
import { failureText } from "../session/texts.ts";
import { TakeOver } from "./handover.tsx";
import { recordsOf } from "./records.ts";
import { accountTexts } from "./texts.ts";
import "./account.css";

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

interface AccountProps {
  readonly account: Account;
}

const Tickets = ({ account }: AccountProps) => {
  const t = accountTexts();
  const { payments, concerts } = recordsOf(account);
  const none = (
    <>
      <p class="soft">{t.noTickets}</p>
      <ToList />
    </>
  );
  return (
    <section class="stack" aria-labelledby="tickets">
      <h2 id="tickets">{t.tickets}</h2>
      <ListFrame list={payments} empty={none}>
        <TicketList
          tickets={payments.items.value?.flatMap(({ tickets }) => tickets) ?? []}
          titles={concerts.value}
        />
      </ListFrame>
    </section>
  );
};

const Balance = ({ account }: AccountProps) => {
  const t = accountTexts();
  const wallet = walletOf(account);
  const { value: now } = wallet.balance;
  const { value: failure } = wallet.loadFailure;
  return (
    <section class="card stack" aria-labelledby="balance">
      <h2 id="balance">{t.balance}</h2>
      <p class="balance num">{now === null ? "–" : formatMoney(now.balance, now.currency)}</p>
      {failure !== null && (
        <LoadError text={failureText(failure)} onRetry={() => void wallet.load()} />
      )}
      <Charge account={account} />
    </section>
  );
};

const EntryTable = ({ list, currency }: { list: readonly LedgerEntry[]; currency: string }) => {
  const t = accountTexts();
  const money = (amount: number): string => formatMoney(amount, currency);
  return (
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
            <td>{formatMoment(createdAt, ownZone, { dateStyle: "short", timeStyle: "short" })}</td>
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
  );
};

const Entries = ({ account }: AccountProps) => {
  const t = accountTexts();
  const { entries } = recordsOf(account);
  const { value: balance } = walletOf(account).balance;
  return (
    <section class="stack" aria-labelledby="entries">
      <h2 id="entries">{t.entries}</h2>
      <ListFrame list={entries} empty={<p class="soft">{t.noEntries}</p>}>
        {balance !== null && (
          <EntryTable list={entries.items.value ?? []} currency={balance.currency} />
        )}
      </ListFrame>
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
  return (
    <section class="stack" aria-labelledby="reservations">
      <h2 id="reservations">{t.reservations}</h2>
      <ListFrame list={reservations} empty={<p class="soft">{t.noEntries}</p>}>
        <ul>
          {reservations.items.value?.map((one) => (
            <ReservationRow
              key={one.reservationId}
              reservation={one}
              title={concerts.value[one.concertId]?.title ?? ""}
            />
          ))}
        </ul>
      </ListFrame>
    </section>
  );
};

const OwnPage = ({ account }: AccountProps) => {
  useEffect(() => recordsOf(account).watch(), [account]);
  if (account.isEnded.value) return <SessionEnded account={account} />;
  return (
    <>
      <RecoveryCode account={account} />
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
      <TakeOver />
      {account === null ? (
        <>
          <p>{t.nobody}</p>
          <p class="soft">{t.nobodyText}</p>
          <RecoveryForm />
          <ToList />
        </>
      ) : (
        <OwnPage key={account.userId} account={account} />
      )}
    </div>
  );
};
