import { useEffect, useRef, useState } from "preact/hooks";
import type { Failure } from "../../../sdk/client.ts";
import {
  readRefundOffer,
  refundPayment,
  type HeldTicket,
  type Refund,
  type RefundOffer,
} from "../../../sdk/generated/index.ts";
import { formatDate, formatMoment, formatMoney } from "../../shared/format.ts";
import { placesText } from "../../shared/hall/place-texts.ts";
import { newKey } from "../../shared/key.ts";
import { recordsOf } from "../account/records.ts";
import type { Account } from "../account.ts";
import { LoadError } from "../components.tsx";
import { ConfirmDialog } from "../join/confirm-dialog.tsx";
import { ticketsOf } from "../purchase/tickets.ts";
import { callAs } from "../session/call.ts";
import { failureText } from "../session/texts.ts";
import { texts } from "../texts/index.ts";
import { isUnknown } from "../wallet/pending-request.ts";
import { refundTexts } from "./texts.ts";

type Offered = RefundOffer["tickets"][number];

const sumOf = (tickets: readonly Offered[], name: "amount" | "fee"): number =>
  tickets.reduce((sum, ticket) => sum + ticket[name], 0);

/** The reason of a refusal in words, with the texts of refunds where they have it. */
const refusalText = (failure: Failure): string => {
  const { refusal } = refundTexts();
  const reason = "problem" in failure ? failure.problem.reason : undefined;
  return reason !== undefined && reason in refusal
    ? refusal[reason as keyof typeof refusal]
    : failureText(failure);
};

interface ChoiceProps {
  readonly offer: RefundOffer;
  /** The tickets of the payment that can be refunded, with their offers. */
  readonly open: readonly (readonly [HeldTicket, Offered])[];
  readonly isBusy: boolean;
  readonly onRefund: (ticketIds: readonly string[]) => void;
}

/** The tickets of a payment with their fees, of which the fan chooses some and confirms. */
const Choice = ({ offer, open, isBusy, onRefund }: ChoiceProps) => {
  const t = refundTexts();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isAsking, setAsking] = useState(false);
  const money = (amount: number): string => formatMoney(amount, offer.currency);
  const picked = open.filter(([{ ticketId }]) => chosen.has(ticketId));
  const offers = picked.map(([, one]) => one);
  const back = money(sumOf(offers, "amount") - sumOf(offers, "fee"));
  const fee = money(sumOf(offers, "fee"));
  const toggle = (ticketId: string): void => {
    const next = new Set(chosen);
    if (!next.delete(ticketId)) next.add(ticketId);
    setChosen(next);
  };
  return (
    <>
      {open.map(([ticket, one]) => (
        <label key={ticket.ticketId} class="row">
          <input
            type="checkbox"
            checked={chosen.has(ticket.ticketId)}
            onChange={() => toggle(ticket.ticketId)}
          />
          <span class="grow">
            <b>{placesText([ticket])}</b>{" "}
            <span class="small soft num">{t.ofTicket(money(one.amount), money(one.fee))}</span>
          </span>
        </label>
      ))}
      <p class="num" role="status">
        {picked.length === 0 ? t.choose : t.sum(back, fee)}
      </p>
      <div class="row">
        <button
          class="button quiet"
          type="button"
          disabled={picked.length === 0}
          aria-disabled={isBusy}
          onClick={() => !isBusy && setAsking(true)}
        >
          {t.refund}
        </button>
      </div>
      {isAsking && (
        <ConfirmDialog
          title={t.askTitle}
          text={t.askText(placesText(picked.map(([ticket]) => ticket)), back, fee)}
          yes={t.yes}
          no={t.no}
          onYes={() => {
            setAsking(false);
            onRefund(picked.map(([{ ticketId }]) => ticketId));
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
};

interface PaymentProps {
  readonly account: Account;
  readonly paymentId: string;
  /** Valid tickets of the payment. */
  readonly tickets: readonly HeldTicket[];
  readonly onRefunded: (refund: Refund) => void;
}

/** A payment with the tickets that can be refunded; nothing for a payment of another user. */
const PaymentRefund = ({ account, paymentId, tickets, onRefunded }: PaymentProps) => {
  const t = refundTexts();
  const [offer, setOffer] = useState<RefundOffer | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [note, setNote] = useState("");
  const [isBusy, setBusy] = useState(false);
  /** The request that may have taken effect: the same tickets are asked for with its key. */
  const pending = useRef({ ids: "", key: "" });
  const load = async (): Promise<void> => {
    const result = await callAs(account, readRefundOffer, { paymentId });
    setFailure(result.ok ? null : result);
    if (result.ok) setOffer(result.value);
  };
  useEffect(() => void load(), [paymentId, tickets.length]);
  const refund = async (ticketIds: readonly string[]): Promise<void> => {
    const ids = ticketIds.join();
    if (pending.current.ids !== ids) pending.current = { ids, key: newKey() };
    setBusy(true);
    const input = { paymentId, body: { ticketIds: [...ticketIds] } };
    const result = await callAs(account, refundPayment, input, { key: pending.current.key });
    setBusy(false);
    if (result.ok) return onRefunded(result.value);
    if (!isUnknown(result)) pending.current = { ids: "", key: "" };
    setNote(refusalText(result));
    void load();
  };
  const [first] = tickets;
  if (first === undefined || failure?.code === "PAYMENT_NOT_FOUND") return null;
  if (failure !== null)
    return <LoadError text={failureText(failure)} onRetry={() => void load()} />;
  if (offer === null) return <p class="soft">{texts().loading}</p>;
  const open = tickets.flatMap((ticket) => {
    const one = offer.tickets.find(({ ticketId }) => ticketId === ticket.ticketId);
    return one === undefined || one.reason !== null ? [] : [[ticket, one] as const];
  });
  const until =
    offer.refundableUntil === null
      ? ""
      : formatMoment(offer.refundableUntil, first.timeZone, {
          dateStyle: "medium",
          timeStyle: "short",
        });
  return (
    <fieldset class="stack">
      <legend>
        {first.title} · <span class="num">{formatDate(first.date)}</span>
      </legend>
      {offer.reason === null ? (
        <>
          <p class="small soft num">{t.until(until)}</p>
          <Choice
            offer={offer}
            open={open}
            isBusy={isBusy}
            onRefund={(ticketIds) => void refund(ticketIds)}
          />
        </>
      ) : (
        <p class="small">{t.refusal[offer.reason]}</p>
      )}
      <p class={note === "" ? "visually-hidden" : "note bad"} role="alert">
        {note}
      </p>
    </fieldset>
  );
};

/** The refund of tickets, payment by payment, with the fees of this moment. */
export const Refunds = ({ account, onClose }: { account: Account; onClose: () => void }) => {
  const t = refundTexts();
  const heading = useRef<HTMLHeadingElement>(null);
  const [last, setLast] = useState<Refund | null>(null);
  useEffect(() => heading.current?.focus(), []);
  const valid = (ticketsOf(account).items.value ?? []).filter(({ status }) => status === "VALID");
  const paymentIds = [...new Set(valid.map(({ paymentId }) => paymentId))];
  const refunded = (refund: Refund): void => {
    setLast(refund);
    heading.current?.focus();
    recordsOf(account).load();
  };
  const doneText = (refund: Refund): string => {
    const money = (amount: number): string => formatMoney(amount, refund.currency);
    return refund.payable > 0
      ? t.payable(money(refund.payable))
      : t.done(money(refund.amount - refund.fee));
  };
  return (
    <section class="card stack unprinted" aria-labelledby="refunds">
      <h3 id="refunds" tabIndex={-1} ref={heading}>
        {t.title}
      </h3>
      <p class={last === null ? "visually-hidden" : "note"} role="status">
        {last === null ? "" : doneText(last)}
      </p>
      <p class="soft">{paymentIds.length === 0 ? t.none : t.intro}</p>
      {paymentIds.map((paymentId) => (
        <PaymentRefund
          key={paymentId}
          account={account}
          paymentId={paymentId}
          tickets={valid.filter((ticket) => ticket.paymentId === paymentId)}
          onRefunded={refunded}
        />
      ))}
      <div class="row">
        <button class="text-button" type="button" onClick={onClose}>
          {t.close}
        </button>
      </div>
    </section>
  );
};
