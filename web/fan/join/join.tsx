import { useState } from "preact/hooks";
import type { Failure } from "../../../sdk/client.ts";
import type { Concert, Queue } from "../../../sdk/generated/index.ts";
import { formatNumber } from "../../shared/language.ts";
import { formatZoned } from "../../shared/format.ts";
import { Countdown } from "../components.tsx";
import { texts } from "../texts/index.ts";
import type { Account } from "../account.ts";
import type { FinalState } from "../queue/view.ts";
import { openedPlace } from "../queue/opened-place.ts";
import { setJoinsAtOpening } from "../queue/place-store.ts";
import type { Place } from "../queue/place-store.ts";
import { SessionEnded } from "../session/recovery.tsx";
import { failureText } from "../session/texts.ts";
import { oidcSettings } from "../oidc/settings.ts";
import { SignIn } from "../oidc/lazy-sign-in.ts";
import { signUp } from "./sign-up.ts";
import { join } from "./join-queue.tsx";
import { checkOf } from "./check.ts";
import { Guide } from "./guide.tsx";
import "./join.css";
import { concertTexts } from "../concerts/texts.ts";
import { joinTexts } from "./texts.ts";

/** The text of a refusal to sign up or to join. */
const refusalText = (place: Place, failure: Failure | null): string | null => {
  const t = joinTexts();
  if (failure === null) return null;
  const { code } = failure;
  if (code === "SOLD_OUT") return t.soldOut;
  if (code === "SALE_ENDED") return t.saleEnded;
  if (code === "QUEUE_NOT_OPEN") return t.closed;
  if (code === "CHALLENGE_REQUIRED" && checkOf(place).value !== null) return null;
  // The part below tells it, with the way to sign in.
  if (code === "ACCESS_TOKEN_INVALID") return null;
  if (code === "NOT_FOUND") return t.noSignUp;
  return failureText(failure);
};

interface SignUpProps {
  readonly place: Place;
  readonly label: string;
  /** Called with the new user's place in the same concert. */
  readonly onDone: (own: Place) => void;
}

/** Signing in at the identity provider where there is one, and signing up where a fan can. */
const Enter = (props: SignUpProps) => {
  const { place, label } = props;
  const settings = oidcSettings();
  if (settings === null) return <SignUp {...props} />;
  return (
    <>
      <SignIn label={label} concertId={place.concertId} />
      {settings.signUp && <SignUp {...props} />}
    </>
  );
};

const SignUp = ({ place, label, onDone }: SignUpProps) => {
  const t = joinTexts();
  const [failure, setFailure] = useState<Failure | null>(null);
  const reason = refusalText(place, failure);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const name = new FormData(event.currentTarget as HTMLFormElement).get("name");
    setBusy(true);
    const why = await signUp(place, typeof name === "string" ? name.trim() : "", setFailure);
    setBusy(false);
    setFailure(why);
    const own = openedPlace.peek();
    if (why === null && own?.concertId === place.concertId) onDone(own);
  };
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <label class="field">
        <b>{t.name}</b>
        <input name="name" maxLength={100} autocomplete="name" required aria-describedby="hint" />
        <span id="hint" class="soft small">
          {t.nameHint}
        </span>
      </label>
      {reason !== null && (
        <p class="note bad" role="alert">
          {reason}
          {isBusy && `. ${t.retrying}`}
        </p>
      )}
      {checkOf(place).value}
      <button class="button wide" disabled={isBusy}>
        {`${t.signUp} · ${label}`}
      </button>
    </form>
  );
};

/** The button that joins the queue, after signing up where no user is signed in. */
export const Join = (props: { place: Place; label: string; isQuiet?: boolean }) => {
  const { place, label, isQuiet = false } = props;
  const reason = refusalText(place, place.refusal.value);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void join(place);
  };
  return (
    <div class="stack">
      {reason !== null && (
        <p class="note bad" role="alert">
          {reason}
        </p>
      )}
      {place.account === null ? (
        <Enter place={place} label={label} onDone={(own) => void join(own)} />
      ) : place.account.isEnded.value ? (
        <SessionEnded account={place.account} />
      ) : (
        <form class="stack" onSubmit={submit}>
          {checkOf(place).value}
          <button class={isQuiet ? "button quiet" : "button wide"} disabled={place.isJoining.value}>
            {label}
          </button>
          <SignedIn account={place.account} />
        </form>
      )}
    </div>
  );
};

const SignedIn = ({ account }: { account: Account }) => (
  <p class="soft small">
    {joinTexts().signedIn(account.session.value.name || joinTexts().someone)}
  </p>
);

/** Before the sale: a countdown, and joining when it opens. */
export const NotOpen = ({ place, concert }: { place: Place; concert: Concert }) => {
  const t = joinTexts();
  const isLottery = concert.queue.mode === "lottery";
  return (
    <>
      <section class="card stack">
        <p class="soft">{isLottery ? t.notOpenLobby : t.notOpen}</p>
        <p class="huge">
          <Countdown untilMs={Date.parse(concert.queue.opensAt)} />
        </p>
        <p class="num">{formatZoned(concert.queue.opensAt, concert.timeZone)}</p>
        {place.joinsAtOpening.value ? (
          <>
            <p class="note spot">{t.joinsAtOpening}</p>
            <button
              class="button quiet wide"
              type="button"
              onClick={() => setJoinsAtOpening(place, false)}
            >
              {t.cancelAutoJoin}
            </button>
          </>
        ) : place.account === null ? (
          <Enter place={place} label={t.autoJoin} onDone={(own) => setJoinsAtOpening(own, true)} />
        ) : (
          <button class="button wide" type="button" onClick={() => setJoinsAtOpening(place, true)}>
            {t.autoJoin}
          </button>
        )}
      </section>
      <Guide queue={place.queue.value} isWaiting={false} />
    </>
  );
};

/** During the sale: joining. */
export const Joinable = ({ place, queue }: { place: Place; queue: Queue }) => {
  const t = joinTexts();
  const { state, seatsAvailable, waiting, waitlisted } = queue;
  const isLobby = state === "LOBBY";
  const isListed = waitlisted !== null || state === "SOLD_OUT";
  const inQueue = (isListed ? t.onList : t.inQueue)(formatNumber(waiting));
  return (
    <>
      <section class="card stack">
        <p class="row num">
          {seatsAvailable !== null && <b>{texts().seatsLeft(formatNumber(seatsAvailable))}</b>}
          <span class="soft">{waiting === 0 ? t.noQueue : inQueue}</span>
        </p>
        {isListed && <p class="note">{t.listText}</p>}
        {state === "PAUSED" && <p class="note">{texts().pausedText}</p>}
        {state === "ALL_HELD" && <p class="note">{texts().heldText}</p>}
        {state === "RECOVERING" && <p class="note">{t.recovering}</p>}
        {isLobby && <p class="note">{texts().lobbyText}</p>}
        <Join place={place} label={isLobby ? t.joinLobby : isListed ? t.joinList : t.join} />
      </section>
      <Guide queue={queue} isWaiting={false} />
    </>
  );
};

export const ToList = () => (
  <a class="button quiet" href="/" data-in>
    {concertTexts().toList}
  </a>
);

/** After the sale. */
export const Over = ({ state }: { state: FinalState }) => {
  const t = joinTexts();
  const text = { SOLD_OUT: t.soldOut, ENDED: t.saleEnded, CLOSED: t.closed };
  return (
    <section class="card stack">
      <h2>{texts().state[state]}</h2>
      <p>{text[state]}</p>
      <ToList />
    </section>
  );
};
