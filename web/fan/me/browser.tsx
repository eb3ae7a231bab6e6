import { signal } from "../../shared/signals.ts";
import { sessionFragment } from "../door/account.ts";
import { Ask } from "../door/ask.tsx";
import { doorWords } from "../door/words.ts";
import { session, setSession } from "../session.ts";
import { QrCode } from "../shop/qr.tsx";
import { meWords } from "./words.ts";

const isShown = signal(false);
const isAsking = signal(false);

/** The way to be oneself on another device: the place in the queue is the same there. */
const OtherDevice = () => {
  const w = meWords();
  const { value: user } = session;
  if (user === null) return null;
  const link = `${location.origin}/${sessionFragment(user)}`;
  return (
    <div class="stack">
      <button
        class="button quiet"
        type="button"
        aria-expanded={isShown.value}
        onClick={() => (isShown.value = !isShown.value)}
      >
        {isShown.value ? w.hide : w.otherDevice}
      </button>
      {isShown.value && (
        <div class="row">
          <QrCode text={link} label={w.code} />
          <div class="stack grow">
            <p>{w.otherText}</p>
            <a class="small" href={link}>
              {w.link}
            </a>
          </div>
        </div>
      )}
    </div>
  );
};

/** Who uses this browser. */
export const Browser = () => {
  const w = meWords();
  const close = (): void => {
    isAsking.value = false;
  };
  return (
    <section class="stack browser" aria-labelledby="browser">
      <h2 id="browser">{w.browser}</h2>
      <p>{doorWords().signedIn(session.value?.name || doorWords().someone)}</p>
      <OtherDevice />
      <p>
        <button class="text-button" type="button" onClick={() => (isAsking.value = true)}>
          {w.forget}
        </button>
      </p>
      {isAsking.value && (
        <Ask
          title={w.forget}
          text={w.forgetText}
          yes={w.forget}
          no={w.cancel}
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
