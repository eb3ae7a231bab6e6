import { useState } from "preact/hooks";
import { oidcTexts } from "./texts.ts";

interface SignInProps {
  /** Names the step that follows the sign-in; none, unless given. */
  readonly label?: string;
  /** Where the fan goes on; this page, unless given. */
  readonly path?: string;
  /** The concert whose queue the fan wants to join. */
  readonly concertId?: string | null;
  readonly isOtherUser?: boolean;
}

/** The button that leaves for the identity provider. */
export const SignIn = (props: SignInProps) => {
  const { label, path = location.pathname, concertId = null, isOtherUser = false } = props;
  const t = oidcTexts();
  const [hasFailed, setFailed] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const leave = async (): Promise<void> => {
    setBusy(true);
    setFailed(false);
    try {
      const { startSignIn } = await import("./flow.ts");
      await startSignIn({ path, concertId }, isOtherUser);
    } catch {
      setFailed(true);
    }
    // The browser may come back to this page as it was left.
    setBusy(false);
  };
  const name = isOtherUser ? t.signInOther : t.signIn;
  return (
    <>
      {hasFailed && (
        <p class="note bad" role="alert">
          {t.away}
        </p>
      )}
      <button class="button wide" type="button" disabled={isBusy} onClick={() => void leave()}>
        {label === undefined ? name : `${name} · ${label}`}
      </button>
    </>
  );
};
