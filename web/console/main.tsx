import { render } from "preact";
import { useState } from "preact/hooks";
import "../shared/tokens.css";
import "../shared/base.css";
import "../shared/form.css";
import "./console.css";
import { chooseLanguage, language } from "../shared/language.ts";
import { effect } from "../shared/signals.ts";
import { Concert } from "./concert.tsx";
import { Create } from "./create.tsx";
import { List } from "./list.tsx";
import { Field } from "./parts.tsx";
import { at } from "./route.ts";
import { forgetKey, key, tryKey } from "./session.ts";
import { words } from "./words.ts";

const SignIn = () => {
  const w = words();
  const [given, setGiven] = useState("");
  const [trouble, setTrouble] = useState<"wrong" | "away" | null>(null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = await tryKey(given.trim());
    if (answer !== "open") setTrouble(answer);
  };
  return (
    <form class="card stack sign-in" onSubmit={(event) => void submit(event)}>
      <h1>{w.console}</h1>
      <Field label={w.signIn} type="password" value={given} onInput={setGiven} required />
      <p class="small soft">{w.signInHint}</p>
      {trouble !== null && (
        <p class="note bad" role="alert">
          {trouble === "wrong" ? w.wrongKey : w.away}
        </p>
      )}
      <button class="button">{w.enter}</button>
    </form>
  );
};

const Shown = () => {
  if (key.value === null) return <SignIn />;
  const { value: page } = at;
  if (page === "") return <List />;
  return page === "new" ? <Create /> : <Concert key={page} concertId={page} />;
};

const App = () => {
  const w = words();
  const other = language.value === "ko" ? "en" : "ko";
  return (
    <>
      <a class="skip button" href="#main">
        {w.skip}
      </a>
      <header class="bar">
        <a class="brand" href="/console" data-in>
          <i aria-hidden="true" />
          Frontrow <span class="soft">{w.console}</span>
        </a>
        <div class="row">
          {key.value !== null && (
            <button class="text-button" type="button" onClick={forgetKey}>
              {w.signOut}
            </button>
          )}
          <button
            class="text-button"
            type="button"
            lang={other}
            onClick={() => chooseLanguage(other)}
          >
            {w.other}
          </button>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <Shown />
      </main>
    </>
  );
};

effect(() => {
  document.documentElement.lang = language.value;
  document.title = `${words().console} · Frontrow`;
});
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
