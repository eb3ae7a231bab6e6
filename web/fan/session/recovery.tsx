import { useState } from "preact/hooks";
import type { Failure } from "../../../sdk/client.ts";
import { setSession, type Account } from "../account.ts";
import { SignIn } from "../oidc/lazy-sign-in.ts";
import { signInWith } from "./session.ts";
import { failureText, sessionTexts } from "./texts.ts";
import "../../shared/form.css";

/** Signs in with a recovery code. `known` is a code that this browser still has. */
export const RecoveryForm = ({ known = "" }: { known?: string | undefined }) => {
  const t = sessionTexts();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const code = new FormData(event.currentTarget as HTMLFormElement).get("code");
    if (typeof code !== "string" || code.trim() === "") return;
    setBusy(true);
    setFailure(await signInWith({ recoveryCode: code.trim() }, setFailure));
    setBusy(false);
  };
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <label class="field">
        <b>{t.code}</b>
        <input
          name="code"
          defaultValue={known}
          maxLength={200}
          autocomplete="off"
          autocapitalize="characters"
          required
          aria-describedby="code-hint"
        />
        <span id="code-hint" class="soft small">
          {t.codeHint}
        </span>
      </label>
      {failure !== null && (
        <p class="note bad" role="alert">
          {failureText(failure)}
        </p>
      )}
      <button class="button" disabled={isBusy}>
        {t.signIn}
      </button>
    </form>
  );
};

/** Tells that the session has ended, and signs in again. The account stays meanwhile. */
export const SessionEnded = ({ account }: { account: Account }) => {
  const t = sessionTexts();
  const { issuer, recoveryCode } = account.session.value;
  if (!account.isEnded.value) return null;
  return (
    <section class="card stack" aria-labelledby="session-ended">
      <h2 id="session-ended">{t.ended}</h2>
      <p role="alert">{t.endedText}</p>
      {issuer === undefined ? (
        <>
          <RecoveryForm known={recoveryCode} />
          <p class="soft small">{t.noCode(account.userId)}</p>
        </>
      ) : (
        <SignIn />
      )}
    </section>
  );
};

/** Shows the recovery code until the fan has saved it. */
export const RecoveryCode = ({ account }: { account: Account }) => {
  const t = sessionTexts();
  const { recoveryCode, ...session } = account.session.value;
  if (recoveryCode === undefined || account.isEnded.value) return null;
  return (
    <section class="note spot stack unprinted" aria-labelledby="recovery">
      <h2 id="recovery">{t.saveTitle}</h2>
      <p>{t.saveText}</p>
      <p>
        <code class="recovery-code">{recoveryCode}</code>
      </p>
      <button class="button quiet" type="button" onClick={() => setSession(session)}>
        {t.saved}
      </button>
    </section>
  );
};
