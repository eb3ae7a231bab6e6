import { useState } from "preact/hooks";
import { deviceLinkFragment } from "./device-link.ts";
import { ConfirmDialog } from "../join/confirm-dialog.tsx";
import { joinTexts } from "../join/texts.ts";
import { setSession, type Account } from "../account.ts";
import { QrCode } from "../purchase/qr.tsx";
import { accountTexts } from "./texts.ts";

/** A code and a link that sign in another device as the same user, with the same place in the queue. */
const OtherDevice = ({ account }: { account: Account }) => {
  const t = accountTexts();
  const [isShown, setShown] = useState(false);
  const link = `${location.origin}/${deviceLinkFragment(account.session)}`;
  return (
    <div class="stack">
      <button
        class="button quiet"
        type="button"
        aria-expanded={isShown}
        onClick={() => setShown(!isShown)}
      >
        {isShown ? t.hide : t.otherDevice}
      </button>
      {isShown && (
        <div class="row">
          <QrCode text={link} label={t.code} />
          <div class="stack grow">
            <p>{t.otherText}</p>
            <a class="small" href={link}>
              {t.link}
            </a>
          </div>
        </div>
      )}
    </div>
  );
};

/** The user of this browser, the way to another device, and signing out. */
export const Devices = ({ account }: { account: Account }) => {
  const t = accountTexts();
  const [isSigningOut, setSigningOut] = useState(false);
  const close = (): void => setSigningOut(false);
  return (
    <section class="stack browser" aria-labelledby="browser">
      <h2 id="browser">{t.browser}</h2>
      <p>{joinTexts().signedIn(account.session.name || joinTexts().someone)}</p>
      <OtherDevice account={account} />
      <p>
        <button class="text-button" type="button" onClick={() => setSigningOut(true)}>
          {t.forget}
        </button>
      </p>
      {isSigningOut && (
        <ConfirmDialog
          title={t.forget}
          text={t.forgetText}
          yes={t.forget}
          no={t.cancel}
          onClose={close}
          onYes={() => {
            close();
            setSession(null);
          }}
        />
      )}
    </section>
  );
};
