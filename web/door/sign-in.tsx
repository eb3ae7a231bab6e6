import { useState } from "preact/hooks";
import { acceptKey, forgetKey, operator, tryKey } from "../shared/operator-session.ts";
import type { DoorStore } from "./store.ts";
import { doorTexts } from "./texts.ts";

const hashOf = async (key: string): Promise<string> => {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** Accepts a key that the server knows; without an answer, the key that this browser has used last. */
const signIn = async (store: DoorStore, given: string): Promise<"open" | "wrong" | "away"> => {
  const keyHash = await hashOf(given);
  const answer = await tryKey(given);
  const found = operator.peek();
  if (answer === "open" && found !== null) await store.writeOperator({ keyHash, operator: found });
  if (answer !== "away") return answer;
  const known = await store.readOperator();
  if (known?.keyHash !== keyHash) return answer;
  acceptKey(given, known.operator);
  return "open";
};

export const SignIn = ({ store }: { store: DoorStore }) => {
  const t = doorTexts();
  const [given, setGiven] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<"wrong" | "away" | null>(null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    const answer = await signIn(store, given.trim());
    setBusy(false);
    if (answer !== "open") setProblem(answer);
  };
  return (
    <form class="card stack" onSubmit={(event) => void submit(event)}>
      <h1>{t.door}</h1>
      <label class="field">
        <span class="small">{t.signIn}</span>
        <input
          type="password"
          value={given}
          required
          autocomplete="off"
          onInput={(event) => setGiven(event.currentTarget.value)}
        />
      </label>
      <p class="small soft">{t.signInHint}</p>
      {problem !== null && (
        <p class="note bad" role="alert">
          {problem === "wrong" ? t.wrongKey : t.signInFailed}
        </p>
      )}
      <button class="button" aria-disabled={isBusy}>
        {t.enter}
      </button>
    </form>
  );
};

/** Forgets the key, and what this browser has of the show; scans that are not sent stay. */
export const signOut = async (store: DoorStore): Promise<void> => {
  forgetKey();
  await store.forget();
};
