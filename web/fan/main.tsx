import { render } from "preact";
import "../shared/tokens.css";
import "../shared/base.css";
import "./fan.css";
import { chooseLanguage, language, type Language } from "../shared/language.ts";
import { account } from "./account.ts";
import { loadInside, loadOutside } from "./files.ts";
import { Isolated } from "../shared/isolated.tsx";
import { LoadError } from "./components.tsx";
import { lazy } from "./lazy.tsx";
import { ConcertPage, followAddress, NotFound } from "./queue/concert.tsx";
import { page } from "./route.ts";
import { LiveRegion } from "./live-region.tsx";
import { loadTexts, texts } from "./texts/index.ts";

const ConcertList = lazy(loadOutside, (part) => part.ConcertList);
const OwnPages = lazy(loadInside, (part) => part.OwnPages);

const CurrentPage = () => {
  const { value: at } = page;
  switch (at.kind) {
    case "list":
      return <ConcertList />;
    case "concert":
      return <ConcertPage />;
    case "me":
    case "shop":
      return <OwnPages />;
    case "none":
      return <NotFound />;
  }
};

/** Without a connection nothing changes: texts and dates stay in one language. */
const changeLanguage = (choice: Language): Promise<void> =>
  loadTexts(choice)
    // A browser does not ask again for a module that failed to load, until the page is reloaded.
    .catch(() => fetch("/").then(() => location.reload()))
    .then(() => chooseLanguage(choice))
    .catch(() => undefined);

const App = () => {
  const t = texts();
  const other = language.value === "ko" ? "en" : "ko";
  return (
    <>
      <a class="skip button" href="#main">
        {t.skip}
      </a>
      <header class="bar">
        <a class="brand" href="/" data-in>
          <i aria-hidden="true" />
          Frontrow
        </a>
        <nav class="row">
          <a href="/me" data-in aria-current={page.value.kind === "me" ? "page" : undefined}>
            {t.me}
          </a>
          <button
            class="text-button"
            type="button"
            lang={other}
            onClick={() => void changeLanguage(other)}
          >
            {t.other}
          </button>
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        <Isolated fallback={<LoadError text={t.broken} onRetry={() => location.reload()} />}>
          <CurrentPage />
        </Isolated>
      </main>
      <LiveRegion />
    </>
  );
};

const start = async (): Promise<void> => {
  const root = document.getElementById("app");
  if (root === null) return;
  const isMine = page.value.kind === "me";
  // Most fans without a session see a form of these parts first, so they come together with the texts.
  if (account.value === null || isMine) void loadOutside().catch(() => undefined);
  if (isMine) void loadInside().catch(() => undefined);
  await loadTexts(language.value);
  followAddress();
  render(<App />, root);
};

start().catch(() => {
  // The texts did not load, so the page cannot explain it. Reload after 2 to 6 s, spread over the fans.
  setTimeout(() => location.reload(), 2_000 + Math.random() * 4_000);
});
