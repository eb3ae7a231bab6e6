import { render } from "preact";
import "../shared/tokens.css";
import "../shared/base.css";
import "./fan.css";
import { chooseLanguage, language, type Language } from "../shared/language.ts";
import { effect, untracked } from "../shared/signals.ts";
import { later } from "./later.tsx";
import { ConcertPage, openConcert } from "./queue/concert.tsx";
import { page } from "./route.ts";
import { LiveRegion } from "./say.tsx";
import { loadTexts, words } from "./words/index.ts";

const List = later(() => import("./door/list.tsx").then((part) => part.List));
const Me = later(() => import("./me/me.tsx").then((part) => part.Me));

const Shown = () => {
  const { value: at } = page;
  switch (at.kind) {
    case "list":
      return <List />;
    case "concert":
      return <ConcertPage />;
    case "me":
      return <Me />;
  }
};

/** Without a connection nothing changes: the texts stay in the language of the dates. */
const changeLanguage = (wanted: Language): Promise<void> =>
  loadTexts(wanted)
    // Texts that did not come once do not come before the page is loaded anew.
    .catch(() => fetch("/").then(() => location.reload()))
    .then(() => chooseLanguage(wanted))
    .catch(() => undefined);

const App = () => {
  const w = words();
  const other = language.value === "ko" ? "en" : "ko";
  return (
    <>
      <a class="skip button" href="#main">
        {w.skip}
      </a>
      <header class="bar">
        <a class="brand" href="/" data-in>
          <i aria-hidden="true" />
          Frontrow
        </a>
        <nav class="row">
          <a href="/me" data-in aria-current={page.value.kind === "me" ? "page" : undefined}>
            {w.me}
          </a>
          <button
            class="text-button"
            type="button"
            lang={other}
            onClick={() => void changeLanguage(other)}
          >
            {w.other}
          </button>
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        <Shown />
      </main>
      <LiveRegion />
    </>
  );
};

const start = async (): Promise<void> => {
  if (location.hash.startsWith("#take=")) (await import("./door/account.ts")).takeSession();
  const root = document.getElementById("app");
  if (root === null) return;
  await loadTexts(language.value);
  effect(() => {
    const { value: at } = page;
    untracked(() => openConcert(at.kind === "concert" ? at.concertId : null));
  });
  render(<App />, root);
};

start().catch(() => {
  // The texts did not come, so there is nothing to say it with: ask again, unevenly.
  setTimeout(() => location.reload(), 2_000 + Math.random() * 4_000);
});
