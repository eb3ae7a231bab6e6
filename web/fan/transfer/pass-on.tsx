import { useState } from "preact/hooks";
import type { Failure } from "../../../sdk/client.ts";
import {
  cancelTransfer,
  offerTicket,
  type HeldTicket,
  type Transfer,
} from "../../../sdk/generated/index.ts";
import { formatMoment } from "../../shared/format.ts";
import { placesText } from "../../shared/hall/place-texts.ts";
import type { Account } from "../account.ts";
import { ticketsOf } from "../purchase/tickets.ts";
import { callAs } from "../session/call.ts";
import { refusalText } from "./refusal-text.ts";
import { transferTexts } from "./texts.ts";
import "./transfer.css";

/** The address with which a recipient claims a ticket. Browsers do not send its fragment to servers. */
const linkOf = (claim: string): string => `${location.origin}/me#claim=${claim}`;

const until = (at: string): string =>
  transferTexts().until(
    formatMoment(at, Intl.DateTimeFormat().resolvedOptions().timeZone, {
      dateStyle: "medium",
      timeStyle: "short",
    }),
  );

/** The link of an offer, to share or to copy. */
const Link = ({ link, title }: { link: string; title: string }) => {
  const t = transferTexts();
  const [note, setNote] = useState("");
  const copy = async (): Promise<void> => {
    const isCopied = await navigator.clipboard?.writeText(link).then(
      () => true,
      () => false,
    );
    setNote(isCopied === true ? t.copied : t.notCopied);
  };
  // A fan who closes the choice of programs rejects it.
  const share = (): Promise<void> =>
    navigator.share({ title: t.shareText(title), url: link }).catch(() => undefined);
  return (
    <>
      <label class="field">
        <span class="small">{t.link}</span>
        <input readOnly value={link} onFocus={(event) => event.currentTarget.select()} />
      </label>
      <div class="row">
        {"share" in navigator && (
          <button class="button" type="button" onClick={() => void share()}>
            {t.share}
          </button>
        )}
        <button class="button quiet" type="button" onClick={() => void copy()}>
          {t.copy}
        </button>
      </div>
      <p class="small" role="status">
        {note}
      </p>
    </>
  );
};

interface PassOnProps {
  readonly account: Account;
  readonly ticket: HeldTicket;
}

interface OfferProps {
  readonly offer: NonNullable<HeldTicket["transfer"]>;
  /** Null when this page has not made the offer: the server does not tell the claim code again. */
  readonly link: string | null;
  readonly title: string;
  readonly isBusy: boolean;
  readonly onRenew: () => void;
  readonly onCancel: () => void;
}

/** An offer that was neither claimed nor cancelled. */
const Offer = ({ offer, link, title, isBusy, onRenew, onCancel }: OfferProps) => {
  const t = transferTexts();
  return (
    <>
      <p>
        <span class="chip live">{t.offered}</span>{" "}
        <span class="small">{until(offer.expiresAt)}</span>
      </p>
      <p class="small">{link === null ? t.pending : t.give}</p>
      {link !== null && <Link key={link} link={link} title={title} />}
      <div class="row">
        <button class="button quiet" type="button" aria-disabled={isBusy} onClick={onCancel}>
          {t.cancel}
        </button>
        <button class="text-button" type="button" aria-disabled={isBusy} onClick={onRenew}>
          {t.newLink}
        </button>
      </div>
    </>
  );
};

interface Note {
  readonly text: string;
  readonly isBad: boolean;
}

/** Offers a ticket to another user, and shows an offer until it is claimed or cancelled. */
export const PassOn = ({ account, ticket }: PassOnProps) => {
  const t = transferTexts();
  const { ticketId, title, transfer } = ticket;
  const [own, setOwn] = useState<Transfer | null>(null);
  const [note, setNote] = useState<Note | null>(null);
  const [isBusy, setBusy] = useState(false);
  const failed = (failure: Failure): Note => ({ text: refusalText(failure), isBad: true });
  const tell = (failure: Failure): void => setNote(failed(failure));
  const act = async (work: () => Promise<Note | null>): Promise<void> => {
    if (isBusy) return;
    setBusy(true);
    setNote(await work());
    await ticketsOf(account).refresh();
    setBusy(false);
  };
  const offer = (): Promise<void> =>
    act(async () => {
      const result = await callAs(account, offerTicket, { ticketId }, { onWait: tell });
      if (!result.ok) return failed(result);
      setOwn(result.value);
      return null;
    });
  const cancel = (transferId: string): Promise<void> =>
    act(async () => {
      const result = await callAs(account, cancelTransfer, { transferId }, { onWait: tell });
      if (result.ok) return { text: t.cancelled, isBad: false };
      if (result.code === "TRANSFER_CLAIMED") return { text: t.taken, isBad: false };
      return failed(result);
    });
  const link = own !== null && own.transferId === transfer?.transferId ? linkOf(own.claim) : null;
  return (
    <section class="pass-on stack unprinted" aria-label={t.passOnOf(placesText([ticket]))}>
      {transfer === null ? (
        <button
          class="button quiet"
          type="button"
          aria-disabled={isBusy}
          onClick={() => void offer()}
        >
          {t.passOn}
        </button>
      ) : (
        <Offer
          offer={transfer}
          link={link}
          title={title}
          isBusy={isBusy}
          onRenew={() => void offer()}
          onCancel={() => void cancel(transfer.transferId)}
        />
      )}
      <p class={note?.isBad === true ? "note bad" : "small"} role="status">
        {note?.text}
      </p>
    </section>
  );
};
