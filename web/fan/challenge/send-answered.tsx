import type { ComponentChildren } from "preact";
import { withChallenge } from "../../../sdk/challenge.ts";
import type { Result } from "../../../sdk/client.ts";
import { tabStorage } from "../../shared/storage.ts";
import type { Signal } from "../../shared/signals.ts";
import { announce } from "../live-region.tsx";
import { answerChallenge } from "./answer.ts";
import { challengeTexts } from "./texts.ts";

/** The code serves the account and the place, so it is kept until the operator's check refuses it. */
const codeKey = "entry-code";

const Working = () => <p class="note">{challengeTexts().working}</p>;

const Failed = () => (
  <p class="note bad" role="alert">
    {challengeTexts().failed}
  </p>
);

/** Stands in the form that sends the request again. */
const CodeNeeded = () => {
  const t = challengeTexts();
  return (
    <>
      <p class="note bad" role="alert">
        {t.refused}
      </p>
      <label class="field">
        <b>{t.code}</b>
        <input
          maxLength={200}
          autocomplete="off"
          required
          onInput={({ currentTarget: { value } }) => tabStorage.write(codeKey, value.trim())}
        />
      </label>
    </>
  );
};

/** Answers challenges until the request passes, and shows in `view` what the fan can do. */
export const sendAnswered = async <Value, Code extends string>(
  send: (challengeResponse: string | null) => Promise<Result<Value, Code>>,
  view: Signal<ComponentChildren>,
  signal: AbortSignal,
): Promise<Result<Value, Code>> => {
  let isCodeSent = false;
  let isHook = false;
  const answer = async (): Promise<string | null> => {
    // A browser without workers throws.
    const response = await answerChallenge(signal).catch(() => null);
    if (response !== "ask-fan") return response;
    isHook = true;
    const code = isCodeSent ? null : tabStorage.read<string>(codeKey);
    isCodeSent = true;
    return code;
  };
  view.value = <Working />;
  announce(challengeTexts().working);
  const result = await withChallenge(send, answer, true);
  announce("");
  if (result.ok || result.code !== "CHALLENGE_REQUIRED") view.value = null;
  else if (isHook) {
    tabStorage.remove(codeKey);
    view.value = <CodeNeeded />;
  } else view.value = <Failed />;
  return result;
};
