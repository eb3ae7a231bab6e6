import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import "../shared/tokens.css";
import "../shared/base.css";
import "../shared/form.css";
import "./door.css";
import { serverNowMs, syncClock } from "../shared/clock.ts";
import { chooseLanguage, language } from "../shared/language.ts";
import { callOperator, checkStoredKey, key, may, operator } from "../shared/operator-session.ts";
import { effect, signal } from "../shared/signals.ts";
import { openDoor, type Door } from "./door.ts";
import type { Call } from "./list.ts";
import type { DoorList, DoorShow } from "./records.ts";
import { Scanning } from "./scanning.tsx";
import { SetUp } from "./set-up.tsx";
import { SignIn, signOut } from "./sign-in.tsx";
import { openStore, type DoorStore } from "./store.ts";
import { doorTexts } from "./texts.ts";
import { verifySignature } from "./verify.ts";

/** The store of the open page, or the reason why there is none. */
const state = signal<"starting" | "other-tab" | "no-storage" | "insecure" | DoorStore>("starting");

const call: Call = async (operation, input, options) => {
  const result = await callOperator(operation, input, options);
  // The time of a scan is that of the server, also when the clock of the phone is wrong.
  if (result.ok && result.dateMs !== null) syncClock(result.dateMs, true);
  return result;
};

const openWith = async (store: DoorStore, show: DoorShow, list: DoorList): Promise<Door> =>
  openDoor(
    {
      show,
      store,
      call,
      verify: verifySignature,
      newId: () => crypto.randomUUID(),
      nowMs: serverNowMs,
      hasNetwork: () => navigator.onLine,
    },
    list,
    await store.readScans(),
  );

/** Opens the door that was open before a reload; null without one. */
const reopen = async (store: DoorStore): Promise<Door | null> => {
  const [show, list] = await Promise.all([store.readShow(), store.readList()]);
  if (show === null || list === null) return null;
  const isOfShow = list.concertId === show.concertId && list.date === show.date;
  return isOfShow ? openWith(store, show, list) : null;
};

const DoorPage = ({ store }: { store: DoorStore }) => {
  const [door, setDoor] = useState<Door | null | "unknown">("unknown");
  useEffect(() => void reopen(store).then(setDoor), [store]);
  const open = async (show: DoorShow, list: DoorList): Promise<void> => {
    await store.writeList(list);
    await store.writeShow(show);
    setDoor(await openWith(store, show, list));
  };
  if (door === "unknown") return null;
  if (door === null) return <SetUp call={call} onOpen={(show, list) => void open(show, list)} />;
  return <Scanning door={door} onChange={() => setDoor(null)} />;
};

/** Says why there is no door. */
const Blocked = ({ reason }: { reason: string }) => (
  <div class="stack">
    <h1>{doorTexts().door}</h1>
    <p class="note bad" role="alert">
      {reason}
    </p>
  </div>
);

const Content = () => {
  const t = doorTexts();
  const { value: store } = state;
  if (location.pathname !== "/door")
    return (
      <div class="stack">
        <h1>{t.noPage}</h1>
        <a class="button" href="/door">
          {t.toDoor}
        </a>
      </div>
    );
  if (store === "starting") return null;
  if (store === "insecure") return <Blocked reason={t.insecure} />;
  if (store === "no-storage") return <Blocked reason={t.noStorage} />;
  if (store === "other-tab") return <Blocked reason={t.otherTab} />;
  if (key.value === null) return <SignIn store={store} />;
  if (operator.value === null) return null;
  if (!may("check-in")) return <Blocked reason={t.notAllowed} />;
  return <DoorPage store={store} />;
};

const App = () => {
  const t = doorTexts();
  const { value: store } = state;
  const other = language.value === "ko" ? "en" : "ko";
  return (
    <>
      <a class="skip button" href="#main">
        {t.skip}
      </a>
      <header class="bar">
        <a class="brand" href="/door">
          <i aria-hidden="true" />
          Frontrow <span class="soft">{t.door}</span>
        </a>
        <div class="row">
          {key.value !== null && typeof store === "object" && (
            <button class="text-button" type="button" onClick={() => void signOut(store)}>
              {t.signOut}
            </button>
          )}
          <button
            class="text-button"
            type="button"
            lang={other}
            onClick={() => chooseLanguage(other)}
          >
            {t.other}
          </button>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <Content />
      </main>
    </>
  );
};

/** Long enough for a page that is reloaded to give the lock back. */
const otherTabMs = 1_000;

/** Opens the store once no other tab has it: two tabs would not know of each other's admissions. */
const start = async (): Promise<void> => {
  if (!isSecureContext) {
    state.value = "insecure";
    return;
  }
  const waiting = setTimeout(() => (state.value = "other-tab"), otherTabMs);
  await navigator.locks.request("frontrow-door", async () => {
    clearTimeout(waiting);
    state.value = await openStore().catch(() => "no-storage" as const);
    await checkStoredKey();
    // The lock is held as long as the page lives.
    await new Promise(() => undefined);
  });
};

effect(() => {
  document.documentElement.lang = language.value;
  document.title = `${doorTexts().door} · Frontrow`;
});
void start();
if ("serviceWorker" in navigator)
  void navigator.serviceWorker.register("/door-worker.js", { scope: "/door" });
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
