import { render } from "preact";
import { useState } from "preact/hooks";
import "../shared/tokens.css";
import "../shared/base.css";
import "../shared/form.css";
import "./console.css";
import { chooseLanguage, language } from "../shared/language.ts";
import { effect } from "../shared/signals.ts";
import { Concert } from "./concert.tsx";
import { CreateSale } from "./create-sale.tsx";
import { UserPage } from "./find/user-page.tsx";
import { GoodsPage } from "./goods/goods-page.tsx";
import { List } from "./list.tsx";
import { Field } from "./components.tsx";
import { at } from "./route.ts";
import { docsProblem, goOnToDocs, openDocs, signOut } from "./docs-session.ts";
import { checkStoredKey, key, may, operator, tryKey } from "./session.ts";
import { texts } from "./texts.ts";

const SignIn = () => {
  const t = texts();
  const [given, setGiven] = useState("");
  const [problem, setProblem] = useState<"wrong" | "away" | null>(null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = await tryKey(given.trim());
    if (answer !== "open") setProblem(answer);
  };
  return (
    <form class="card stack sign-in" onSubmit={(event) => void submit(event)}>
      <h1>{t.console}</h1>
      <Field label={t.signIn} type="password" value={given} onInput={setGiven} required />
      <p class="small soft">{t.signInHint}</p>
      {problem !== null && (
        <p class="note bad" role="alert">
          {problem === "wrong" ? t.wrongKey : t.signInFailed}
        </p>
      )}
      <button class="button">{t.enter}</button>
    </form>
  );
};

const CurrentPage = () => {
  if (key.value === null) return <SignIn />;
  if (operator.value === null) return null;
  if (!may("read")) return <p class="note">{texts().nothingForRole}</p>;
  const { value: page } = at;
  if (page === "") return <List />;
  const userId = /^users\/(.+)$/.exec(page)?.[1];
  if (userId !== undefined) return <UserPage key={page} userId={userId} />;
  const [isGoods, concertId = null] = /^goods(?:\/(.+))?$/.exec(page) ?? [];
  if (isGoods !== undefined) return <GoodsPage key={page} concertId={concertId} />;
  return page === "new" && may("manage") ? <CreateSale /> : <Concert key={page} concertId={page} />;
};

const App = () => {
  const t = texts();
  const other = language.value === "ko" ? "en" : "ko";
  return (
    <>
      <a class="skip button" href="#main">
        {t.skip}
      </a>
      <header class="bar">
        <a class="brand" href="/console" data-in>
          <i aria-hidden="true" />
          Frontrow <span class="soft">{t.console}</span>
        </a>
        <div class="row">
          {key.value !== null && (
            <>
              {operator.value !== null && (
                <span class="small soft">
                  {operator.value.name} · {t.roles[operator.value.role]}
                </span>
              )}
              {may("check-in") && (
                <a class="text-button" href="/door">
                  {t.door}
                </a>
              )}
              {may("read") && (
                <a
                  class="text-button"
                  href="/docs"
                  onClick={(event) => {
                    event.preventDefault();
                    void openDocs();
                  }}
                >
                  {t.apiDocs}
                </a>
              )}
              <button class="text-button" type="button" onClick={signOut}>
                {t.signOut}
              </button>
            </>
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
        {docsProblem.value !== null && (
          <p class="note bad" role="alert">
            {docsProblem.value}
          </p>
        )}
        <CurrentPage />
      </main>
    </>
  );
};

effect(() => {
  if (key.value !== null) goOnToDocs();
});
effect(() => {
  document.documentElement.lang = language.value;
  document.title = `${texts().console} · Frontrow`;
});
void checkStoredKey();
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
