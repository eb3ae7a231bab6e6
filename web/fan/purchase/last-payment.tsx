import { useEffect, useState } from "preact/hooks";
import type { Failure } from "../../../sdk/client.ts";
import { listPayments, type Payment } from "../../../sdk/generated/index.ts";
import { LoadError } from "../components.tsx";
import { joinTexts } from "../join/texts.ts";
import type { Turn } from "../queue/place-store.ts";
import { callAs } from "../session/call.ts";
import { failureText } from "../session/texts.ts";
import { texts } from "../texts/index.ts";
import { Heading } from "./heading.tsx";
import { paymentOf } from "./payment.ts";
import { Receipt, ToMine } from "./receipt.tsx";

/** The user's newest payment for the concert of a turn; `none` when it is not among the newest payments. */
type NewestPayment = Payment | "none" | Failure;

const findPayment = async ({ account, place, signal }: Turn): Promise<NewestPayment> => {
  const { concertId } = place;
  const { userId } = account;
  const result = await callAs(account, listPayments, { userId }, { signal });
  if (!result.ok) return result;
  return result.value.items.find(({ tickets }) => tickets?.[0]?.concertId === concertId) ?? "none";
};

/** The tickets of a turn that ended with a payment. */
export const LastPayment = ({ turn }: { turn: Turn }) => {
  const [found, setFound] = useState<NewestPayment | null>(null);
  const payment = paymentOf(turn).paid.value ?? found;
  const load = (): void => {
    setFound(null);
    void findPayment(turn).then(setFound);
  };
  useEffect(() => {
    if (payment === null) load();
  }, [turn]);
  if (payment === null) return <p class="soft">{texts().loading}</p>;
  if (payment === "none") {
    return (
      <>
        <Heading>{joinTexts().ended.PAID[0]}</Heading>
        <ToMine />
      </>
    );
  }
  if ("ok" in payment) return <LoadError text={failureText(payment)} onRetry={load} />;
  return <Receipt payment={payment} />;
};
