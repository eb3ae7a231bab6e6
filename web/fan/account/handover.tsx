import { useState } from "preact/hooks";
import type { Failure } from "../../../sdk/client.ts";
import { offerHandover, type Handover } from "../../../sdk/generated/index.ts";
import { account as signedIn, type Account } from "../account.ts";
import { Countdown, LoadError, secondsUntil } from "../components.tsx";
import { useFragment } from "./fragment.ts";
import { ConfirmDialog } from "../join/confirm-dialog.tsx";
import { joinTexts } from "../join/texts.ts";
import { QrCode } from "../purchase/qr.tsx";
import { callAs } from "../session/call.ts";
import { signInWith } from "../session/session.ts";
import { isUnknown } from "../wallet/pending-request.ts";
import { failureText } from "../session/texts.ts";
import { accountTexts } from "./texts.ts";

const marker = "#take=";

/** The address that signs in another device. Browsers do not send its fragment to servers. */
const linkOf = (code: string): string =>
  `${location.origin}/me${marker}${encodeURIComponent(code)}`;

const Offer = ({ offer }: { offer: Handover }) => {
  const t = accountTexts();
  const untilMs = Date.parse(offer.expiresAt);
  const link = linkOf(offer.code);
  if (secondsUntil(untilMs) === 0) return <p>{t.codeOver}</p>;
  return (
    <div class="row">
      <QrCode text={link} label={t.code} />
      <div class="stack grow">
        <p>{t.otherText}</p>
        <p>
          {t.codeLasts} <Countdown untilMs={untilMs} />
        </p>
        <a class="small" href={link}>
          {t.link}
        </a>
      </div>
    </div>
  );
};

/** Offers a code and a link that sign in one other device as the same user, once. */
export const OtherDevice = ({ account }: { account: Account }) => {
  const t = accountTexts();
  const [offer, setOffer] = useState<Handover | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const request = async (): Promise<void> => {
    const result = await callAs(account, offerHandover, {}, { onWait: setFailure });
    setFailure(result.ok ? null : result);
    setOffer(result.ok ? result.value : null);
  };
  return (
    <div class="stack">
      <button class="button quiet" type="button" onClick={() => void request()}>
        {offer === null ? t.otherDevice : t.newCode}
      </button>
      <div class="stack" role="status">
        {failure !== null && <p class="note bad">{failureText(failure)}</p>}
        {offer !== null && <Offer offer={offer} />}
      </div>
    </div>
  );
};

/** Asks whether this browser signs in with a code of another device. It never replaces an account. */
export const TakeOver = () => {
  const t = accountTexts();
  const [code, close] = useFragment(marker);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { value: account } = signedIn;
  const signIn = async (given: string): Promise<void> => {
    setFailure(null);
    setBusy(true);
    const why = await signInWith({ handoverCode: given });
    setBusy(false);
    setFailure(why);
    // Without an answer the code may still be good.
    if (why === null || !isUnknown(why)) close();
  };
  if (failure !== null && code !== null) {
    return <LoadError text={failureText(failure)} onRetry={() => void signIn(code)} />;
  }
  if (failure !== null) {
    return (
      <p class="note bad" role="alert">
        {failure.code === "CREDENTIAL_INVALID" ? t.codeOver : failureText(failure)}
      </p>
    );
  }
  if (code === null || isBusy) return null;
  if (account !== null) {
    const name = account.session.value.name || joinTexts().someone;
    return (
      <p class="note bad" role="alert">
        {t.takeTaken(name)}
      </p>
    );
  }
  return (
    <ConfirmDialog
      title={t.takeTitle}
      text={t.takeText}
      yes={t.take}
      no={t.notNow}
      onClose={close}
      onYes={() => void signIn(code)}
    />
  );
};
