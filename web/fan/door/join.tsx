import { useState } from "preact/hooks";
import type { Concert, Queue } from "../../../sdk/generated/index.ts";
import { formatNumber } from "../../shared/language.ts";
import { Countdown } from "../parts.tsx";
import { session } from "../session.ts";
import { words } from "../words/index.ts";
import type { Place } from "../queue/place.ts";
import { signUp } from "./account.ts";
import { arm, isJoining, join, refusal } from "./join-queue.tsx";
import { DrawDetails } from "./draw-details.tsx";
import "./door.css";
import { doorWords } from "./words.ts";

/** What a refusal to sign up or to join means, in a sentence. */
const refusalText = (code: string | undefined): string | null => {
  const w = doorWords();
  if (code === undefined) return null;
  if (code === "SOLD_OUT") return w.soldOut;
  if (code === "QUEUE_NOT_OPEN") return w.closed;
  if (code === "NOT_FOUND") return w.noSignUp;
  return code === "NO_ANSWER" ? words().lost : words().busy;
};

const SignUp = ({ label, onDone }: { label: string; onDone: () => void }) => {
  const w = doorWords();
  const [code, setCode] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const name = new FormData(event.currentTarget as HTMLFormElement).get("name");
    setBusy(true);
    const failure = await signUp(typeof name === "string" ? name.trim() : "", (why) =>
      setCode(why.code),
    );
    setBusy(false);
    setCode(failure?.code);
    if (failure === null) onDone();
  };
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <label class="field">
        <b>{w.name}</b>
        <input name="name" maxLength={100} autocomplete="name" required aria-describedby="hint" />
        <span id="hint" class="soft small">
          {w.nameHint}
        </span>
      </label>
      {code !== undefined && (
        <p class="note bad" role="alert">
          {refusalText(code)}
          {isBusy && `. ${w.goesOn}`}
        </p>
      )}
      <button class="button wide" disabled={isBusy}>
        {`${w.signUp} · ${label}`}
      </button>
    </form>
  );
};

/** The way into the queue: signing up first where that is needed. */
export const Join = (props: { place: Place; label: string; isQuiet?: boolean }) => {
  const { place, label, isQuiet = false } = props;
  const reason = refusalText(refusal.value?.code);
  return (
    <div class="stack">
      {reason !== null && (
        <p class="note bad" role="alert">
          {reason}
        </p>
      )}
      {session.value === null ? (
        <SignUp label={label} onDone={() => void join(place)} />
      ) : (
        <>
          <button
            class={isQuiet ? "button quiet" : "button wide"}
            type="button"
            disabled={isJoining.value}
            onClick={() => void join(place)}
          >
            {label}
          </button>
          <SignedIn />
        </>
      )}
    </div>
  );
};

const SignedIn = () => (
  <p class="soft small">{doorWords().signedIn(session.value?.name || doorWords().someone)}</p>
);

/** Before the sale: when it opens, and joining by itself then. */
export const NotOpen = ({ place, concert }: { place: Place; concert: Concert }) => {
  const w = doorWords();
  const isLottery = concert.queue.mode === "lottery";
  return (
    <>
      <section class="card stack">
        <p class="soft">{isLottery ? w.notOpenLobby : w.notOpen}</p>
        <p class="huge">
          <Countdown toMs={Date.parse(concert.queue.opensAt)} />
        </p>
        {place.isArmed.value ? (
          <>
            <p class="note spot">{w.armed}</p>
            <button class="button quiet wide" type="button" onClick={() => arm(place, false)}>
              {w.disarm}
            </button>
          </>
        ) : session.value === null ? (
          <SignUp label={w.joinSoon} onDone={() => arm(place, true)} />
        ) : (
          <button class="button wide" type="button" onClick={() => arm(place, true)}>
            {w.joinSoon}
          </button>
        )}
      </section>
      <Ahead queue={place.queue.value} />
    </>
  );
};

/** The sale is on: join. */
export const Joinable = ({ place, queue }: { place: Place; queue: Queue }) => {
  const w = doorWords();
  const { state, seatsAvailable, waiting } = queue;
  const isLobby = state === "LOBBY";
  return (
    <>
      <section class="card stack">
        <p class="row num">
          {seatsAvailable !== null && <b>{words().seatsLeft(formatNumber(seatsAvailable))}</b>}
          <span class="soft">{waiting === 0 ? w.noQueue : w.inQueue(formatNumber(waiting))}</span>
        </p>
        {state === "PAUSED" && <p class="note">{words().pausedText}</p>}
        {state === "ALL_HELD" && <p class="note">{words().heldText}</p>}
        {state === "RECOVERING" && <p class="note">{w.recovering}</p>}
        {isLobby && <p class="note">{words().lobbyText}</p>}
        <Join place={place} label={isLobby ? w.joinLobby : w.join} />
      </section>
      <Ahead queue={queue} />
    </>
  );
};

export const ToList = () => (
  <a class="button quiet" href="/" data-in>
    {doorWords().toList}
  </a>
);

/** What standing in the queue leads to, before one stands in it. */
const Ahead = ({ queue }: { queue: Queue | null }) => {
  const w = words();
  return (
    <section class="stack last">
      <h2>{w.next}</h2>
      <ol class="steps">
        {[doorWords().firstStep, ...w.steps].map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {queue?.mode === "lottery" && <DrawDetails queue={queue} />}
    </section>
  );
};

/** No place, and none to be had. */
export const Over = ({ state }: { state: "SOLD_OUT" | "CLOSED" }) => {
  const w = doorWords();
  return (
    <section class="card stack">
      <h2>{words().state[state]}</h2>
      <p>{state === "SOLD_OUT" ? w.soldOut : w.closed}</p>
      <ToList />
    </section>
  );
};
