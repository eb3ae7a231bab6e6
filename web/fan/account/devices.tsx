import { useState } from "preact/hooks";
import type { Failure } from "../../../sdk/client.ts";
import { signOutEverywhere } from "../../../sdk/generated/index.ts";
import { setSession, type Account } from "../account.ts";
import { ConfirmDialog } from "../join/confirm-dialog.tsx";
import { joinTexts } from "../join/texts.ts";
import { callAs } from "../session/call.ts";
import { failureText } from "../session/texts.ts";
import { OtherDevice } from "./handover.tsx";
import { accountTexts } from "./texts.ts";

/** A button that asks before it signs out. */
const SignOut = (props: { title: string; text: string; onYes: () => void }) => {
  const { title, text, onYes } = props;
  const [isAsking, setAsking] = useState(false);
  const close = (): void => setAsking(false);
  return (
    <p>
      <button class="text-button" type="button" onClick={() => setAsking(true)}>
        {title}
      </button>
      {isAsking && (
        <ConfirmDialog
          title={title}
          text={text}
          yes={title}
          no={accountTexts().cancel}
          onClose={close}
          onYes={() => {
            close();
            onYes();
          }}
        />
      )}
    </p>
  );
};

/** The user of this browser, the way to another device, and signing out. */
export const Devices = ({ account }: { account: Account }) => {
  const t = accountTexts();
  const [failure, setFailure] = useState<Failure | null>(null);
  const { value: session } = account.session;
  // A session of the identity provider has no codes of this server.
  const isOwn = session.issuer === undefined;
  const signOutHere = async (): Promise<void> => {
    if (isOwn) setSession(null);
    else await (await import("../oidc/flow.ts")).signOut(session);
  };
  const endAll = async (): Promise<void> => {
    const result = await callAs(account, signOutEverywhere, {}, { onWait: setFailure });
    setFailure(result.ok ? null : result);
    if (result.ok) await signOutHere();
  };
  return (
    <section class="stack browser" aria-labelledby="browser">
      <h2 id="browser">{t.browser}</h2>
      <p>
        {joinTexts().signedIn(account.session.value.name || joinTexts().someone)}
        <br />
        <span class="soft small">{t.userId(account.userId)}</span>
      </p>
      {isOwn && <OtherDevice account={account} />}
      <SignOut
        title={t.forget}
        text={isOwn ? t.forgetText : t.signInAgain}
        onYes={() => void signOutHere()}
      />
      <SignOut
        title={t.forgetAll}
        text={isOwn ? t.forgetAllText : t.signInAgain}
        onYes={() => void endAll()}
      />
      {failure !== null && (
        <p class="note bad" role="alert">
          {failureText(failure)}
        </p>
      )}
    </section>
  );
};
