import { useEffect, useState } from "preact/hooks";
import { PageHeading } from "../components.tsx";
import { navigate } from "../route.ts";
import { finishSignIn, type Arrival } from "./flow.ts";
import { SignIn } from "./sign-in.tsx";
import { returnTexts } from "./return-texts.ts";
import { oidcTexts } from "./texts.ts";

/** Takes the parameters of a return from the address, so that no history and no copied address has them. */
const takeParameters = (): URLSearchParams => {
  const parameters = new URLSearchParams(location.search);
  history.replaceState(null, "", location.pathname);
  return parameters;
};

/** Goes on at the page that the fan has left. The address of the return leaves no entry in the history. */
const goOn = (path: string): void => {
  history.replaceState(null, "", path);
  navigate(path);
};

/** The return from the identity provider. `onDone` is called when the account's page may show itself again. */
export const Returned = ({ onDone }: { onDone: () => void }) => {
  const t = returnTexts();
  const [arrival, setArrival] = useState<Arrival | null>(null);
  useEffect(() => {
    void finishSignIn(takeParameters()).then((found) => {
      if (found.kind !== "signed-in") return setArrival(found);
      onDone();
      goOn(found.path);
    });
  }, []);
  if (arrival === null || arrival.kind === "signed-in")
    return <PageHeading>{t.finishing}</PageHeading>;
  const { kind, departure } = arrival;
  const path = departure?.path ?? "/me";
  return (
    <section class="stack">
      <PageHeading>{t.title}</PageHeading>
      <p class="note bad" role="alert">
        {kind === "away" ? oidcTexts().away : t[kind]}
      </p>
      <SignIn
        path={path}
        concertId={departure?.concertId ?? null}
        isOtherUser={kind === "not-accepted"}
      />
      <button
        class="button quiet"
        type="button"
        onClick={() => {
          onDone();
          goOn(path);
        }}
      >
        {t.back}
      </button>
    </section>
  );
};
