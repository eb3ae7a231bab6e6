import { useEffect, useRef, useState } from "preact/hooks";
import type { LedgerEntry, Reservation } from "../../../sdk/generated/index.ts";
import { formatDate, formatMoment, formatMoney, ownCurrency } from "../../shared/format.ts";
import { tabStorage } from "../../shared/storage.ts";
import { Isolated } from "../../shared/isolated.tsx";
import { concertTexts } from "../concerts/texts.ts";
import { placesText } from "../../shared/hall/place-texts.ts";
import { ToList } from "../join/join.tsx";
import { ListFrame, ListItem } from "../lists/list-frame.tsx";
import { Charge } from "../wallet/charge.tsx";
import { walletOf } from "../wallet/wallet.ts";
import { setPageTitle, PageHeading, LoadError } from "../components.tsx";
import { account as signedIn, type Account } from "../account.ts";
import { purchaseTexts } from "../purchase/texts.ts";
import { SavePdf } from "../purchase/save-pdf.tsx";
import { TicketList } from "../purchase/ticket.tsx";
import { RecoveryCode, RecoveryForm, SessionEnded } from "../session/recovery.tsx";
import { useFragment } from "./fragment.ts";
import { lazy } from "../lazy.tsx";
import { oidcSettings } from "../oidc/settings.ts";
import { SignIn } from "../oidc/lazy-sign-in.ts";
import { Devices } from "./devices.tsx";
import { failureText } from "../session/texts.ts";
import { TakeOver } from "./handover.tsx";
import { recordsOf } from "./records.ts";
import { expectHeading } from "../route.ts";
import { accountTexts } from "./texts.ts";
import "./account.css";

const Returned = lazy(
  () => import("../oidc/returned.tsx"),
  (part) => part.Returned,
);

const Refunds = lazy(
  () => import("../refund/refunds.tsx"),
  (part) => part.Refunds,
);

const ClaimTicket = lazy(
  () => import("../transfer/claim.tsx"),
  (part) => part.ClaimTicket,
);

/** The name under which the tab keeps the claim code of a ticket, also while the fan signs in elsewhere. */
const claimKey = "claim";

const Claim = () => {
  const [claim, drop] = useFragment("#claim=", claimKey);
  if (claim === null) return null;
  const forget = (): void => tabStorage.remove(claimKey);
  return <ClaimTicket key={claim} claim={claim} onClaimed={forget} onDrop={drop} />;
};

/** Whether the identity provider has sent the fan back, with a code or with an error. */
const isSignInReturn = (): boolean => new URLSearchParams(location.search).has("state");

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

interface AccountProps {
  readonly account: Account;
}

const Tickets = ({ account }: AccountProps) => {
  const t = accountTexts();
  const { tickets } = recordsOf(account);
  const { value: items } = tickets.items;
  const [isRefunding, setRefunding] = useState(false);
  const none = (
    <>
      <p class="soft">{t.noTickets}</p>
      <ToList />
    </>
  );
  return (
    <section class="stack" aria-labelledby="tickets">
      <h2 id="tickets">{t.tickets}</h2>
      <ListFrame list={tickets} empty={none}>
        <TicketList tickets={items ?? []} account={account} />
      </ListFrame>
      {items?.some(({ status }) => status === "VALID") === true && (
        <div class="row unprinted">
          <button class="button quiet" type="button" onClick={() => print()}>
            {purchaseTexts().print}
          </button>
          {!isRefunding && (
            <button class="button quiet" type="button" onClick={() => setRefunding(true)}>
              {t.refund}
            </button>
          )}
          <SavePdf tickets={items} text={purchaseTexts().allAsPdf} class="button quiet" />
        </div>
      )}
      {isRefunding && <Refunds account={account} onClose={() => setRefunding(false)} />}
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

const EntryRow = ({ entry }: { entry: LedgerEntry }) => {
  const t = accountTexts();
  const { createdAt, type, amount, balance } = entry;
  const money = (value: number): string => formatMoney(value, ownCurrency());
  return (
    <tr>
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
  );
};

const NoEntry = () => (
  <tr>
    <td colSpan={4}>{concertTexts().unshown}</td>
  </tr>
);

const EntryTable = ({ list }: { list: readonly LedgerEntry[] }) => {
  const t = accountTexts();
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
        {list.map((entry) => (
          <Isolated key={entry.entryId} fallback={<NoEntry />}>
            <EntryRow entry={entry} />
          </Isolated>
        ))}
      </tbody>
    </table>
  );
};

const Entries = ({ account }: AccountProps) => {
  const t = accountTexts();
  const { entries } = recordsOf(account);
  return (
    <section class="stack" aria-labelledby="entries">
      <h2 id="entries">{t.entries}</h2>
      <ListFrame list={entries} empty={<p class="soft">{t.noEntries}</p>}>
        <EntryTable list={entries.items.value ?? []} />
      </ListFrame>
    </section>
  );
};

const ReservationRow = ({ reservation, title }: { reservation: Reservation; title: string }) => {
  const t = accountTexts();
  const { concertId, status, date, seats, amount, currency } = reservation;
  return (
    <li class="entry">
      <p class="row apart">
        <b class="grow">{title}</b>
        <span class={status === "HELD" ? "chip live" : "chip"}>{t.status[status]}</span>
      </p>
      <p class="soft num">
        {formatDate(date)} · {placesText(seats)} · {formatMoney(amount, currency)}
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
            <ListItem key={one.reservationId}>
              <ReservationRow
                reservation={one}
                title={concerts.value[one.concertId]?.title ?? ""}
              />
            </ListItem>
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
      <div class="stack wide-gap unprinted">
        <div class="columns">
          <Balance account={account} />
          <Entries account={account} />
        </div>
        <Reservations account={account} />
        <Devices account={account} />
      </div>
    </>
  );
};

/** The user's tickets, balance and reservations. */
export const AccountPage = () => {
  const t = accountTexts();
  const { value: account } = signedIn;
  const settings = oidcSettings();
  const [isReturn, setReturn] = useState(settings !== null && isSignInReturn());
  const userId = account?.userId;
  const shown = useRef(userId);
  // Another user has another page: the focused element goes with the former one.
  if (shown.current !== userId) expectHeading();
  shown.current = userId;
  setPageTitle(t.title);
  if (isReturn) return <Returned onDone={() => setReturn(false)} />;
  return (
    <div class={account === null ? "stack" : "stack wide-gap"}>
      <PageHeading key={userId}>{t.title}</PageHeading>
      <TakeOver />
      <Claim />
      {account === null ? (
        <>
          <p>{t.nobody}</p>
          {settings !== null && <SignIn />}
          {settings?.signUp !== false && (
            <>
              <p class="soft">{t.nobodyText}</p>
              <RecoveryForm />
            </>
          )}
          <ToList />
        </>
      ) : (
        <OwnPage key={account.userId} account={account} />
      )}
    </div>
  );
};
