import { signal } from "../../shared/signals.ts";
import { deviceLinkFragment } from "./device-link.ts";
import { ConfirmDialog } from "../join/confirm-dialog.tsx";
import { joinTexts } from "../join/texts.ts";
import { session, setSession } from "../session.ts";
import { QrCode } from "../purchase/qr.tsx";
import { accountTexts } from "./texts.ts";

const isShown = signal(false);
const isSigningOut = signal(false);

/** A code and a link that sign in another device as the same user, with the same place in the queue. */
const OtherDevice = () => {
  const t = accountTexts();
  const { value: user } = session;
  if (user === null) return null;
  const link = `${location.origin}/${deviceLinkFragment(user)}`;
  return (
    <div class="stack">
      <button
        class="button quiet"
        type="button"
        aria-expanded={isShown.value}
        onClick={() => (isShown.value = !isShown.value)}
      >
        {isShown.value ? t.hide : t.otherDevice}
      </button>
      {isShown.value && (
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
export const Devices = () => {
  const t = accountTexts();
  const close = (): void => {
    isSigningOut.value = false;
  };
  return (
    <section class="stack browser" aria-labelledby="browser">
      <h2 id="browser">{t.browser}</h2>
      <p>{joinTexts().signedIn(session.value?.name || joinTexts().someone)}</p>
      <OtherDevice />
      <p>
        <button class="text-button" type="button" onClick={() => (isSigningOut.value = true)}>
          {t.forget}
        </button>
      </p>
      {isSigningOut.value && (
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
