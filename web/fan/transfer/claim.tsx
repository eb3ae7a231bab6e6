import { useState } from "preact/hooks";
import type { Failure } from "../../../sdk/client.ts";
import { claimTicket, type HeldTicket } from "../../../sdk/generated/index.ts";
import { formatDate } from "../../shared/format.ts";
import { placesText } from "../../shared/hall/place-texts.ts";
import { account as signedIn, type Account } from "../account.ts";
import { checkOf } from "../join/check.ts";
import { signUp } from "../join/sign-up.ts";
import { joinTexts } from "../join/texts.ts";
import { oidcSettings } from "../oidc/settings.ts";
import { SignIn } from "../oidc/lazy-sign-in.ts";
import { ticketsOf } from "../purchase/tickets.ts";
import { callAs } from "../session/call.ts";
import { failureText } from "../session/texts.ts";
import { refusalText } from "./refusal-text.ts";
import { transferTexts } from "./texts.ts";
import "../../shared/form.css";

interface ClaimProps {
  readonly claim: string;
  /** Called once the ticket is the user's. */
  readonly onClaimed: () => void;
  readonly onDrop: () => void;
}

/** Refusals that no second try changes. */
const overCodes = ["TRANSFER_NOT_FOUND", "TRANSFER_CLAIMED", "NOT_TRANSFERABLE"];

/** Signs up a recipient without an account, who then accepts the ticket. */
const SignUp = ({ onDone }: { onDone: (own: Account) => void }) => {
  const t = transferTexts();
  const join = joinTexts();
  const [owner] = useState(() => ({ signal: new AbortController().signal }));
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const check = checkOf(owner).value;
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const name = new FormData(event.currentTarget as HTMLFormElement).get("name");
    setBusy(true);
    const why = await signUp(owner, typeof name === "string" ? name.trim() : "", setFailure);
    setBusy(false);
    setFailure(why);
    const own = signedIn.peek();
    if (why === null && own !== null) onDone(own);
  };
  const isCheckShown = failure?.code === "CHALLENGE_REQUIRED" && check !== null;
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <p class="soft">{t.signUpText}</p>
      <label class="field">
        <b>{join.name}</b>
        <input name="name" maxLength={100} autocomplete="name" required />
      </label>
      {failure !== null && !isCheckShown && (
        <p class="note bad" role="alert">
          {failureText(failure)}
        </p>
      )}
      {check}
      <button class="button" disabled={isBusy}>
        {t.signUpAndAccept}
      </button>
    </form>
  );
};

interface AcceptProps {
  readonly isBusy: boolean;
  readonly onAccept: (own: Account) => void;
}

/** The button that accepts the ticket, or the way to an account. */
const Accept = ({ isBusy, onAccept }: AcceptProps) => {
  const t = transferTexts();
  const { value: account } = signedIn;
  const settings = oidcSettings();
  if (account === null) {
    return (
      <>
        {settings !== null && <SignIn label={t.accept} path="/me" />}
        {settings?.signUp !== false && <SignUp onDone={onAccept} />}
      </>
    );
  }
  return (
    <>
      <p class="soft small">{t.claimAs(account.session.value.name || joinTexts().someone)}</p>
      <button class="button" type="button" aria-disabled={isBusy} onClick={() => onAccept(account)}>
        {t.accept}
      </button>
    </>
  );
};

/** Accepts the ticket of a claim code, after signing up or in. */
export const ClaimTicket = ({ claim, onClaimed, onDrop }: ClaimProps) => {
  const t = transferTexts();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [yours, setYours] = useState<HeldTicket | null>(null);
  const [isBusy, setBusy] = useState(false);
  const accept = async (own: Account): Promise<void> => {
    if (isBusy) return;
    setBusy(true);
    const result = await callAs(own, claimTicket, { body: { claim } }, { onWait: setFailure });
    setBusy(false);
    setFailure(result.ok ? null : result);
    if (!result.ok) return;
    onClaimed();
    setYours(result.value);
    void ticketsOf(own).refresh();
  };
  if (yours !== null) {
    const { title, date } = yours;
    return (
      <p class="note spot" role="status">
        {t.yours(`${title}, ${formatDate(date)}, ${placesText([yours])}`)}
      </p>
    );
  }
  const isOver = failure !== null && overCodes.includes(failure.code);
  return (
    <section class="card stack" aria-labelledby="claim">
      <h2 id="claim">{t.claimTitle}</h2>
      {failure !== null && (
        <p class="note bad" role="alert">
          {refusalText(failure)}
        </p>
      )}
      {!isOver && (
        <>
          <p>{t.claimText}</p>
          <Accept isBusy={isBusy} onAccept={(own) => void accept(own)} />
        </>
      )}
      <button class="text-button" type="button" onClick={onDrop}>
        {isOver ? t.close : t.notNow}
      </button>
    </section>
  );
};
