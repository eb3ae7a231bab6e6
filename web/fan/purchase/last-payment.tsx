import { useEffect, useState } from "preact/hooks";
import { listPayments, type Concert, type Payment } from "../../../sdk/generated/index.ts";
import type { Turn } from "../queue/place-store.ts";
import { texts } from "../texts/index.ts";
import { callAs } from "../session/call.ts";
import { paymentOf } from "./payment.ts";
import { Receipt } from "./receipt.tsx";

/** Returns the user's newest payment for the concert of a turn. */
const findPayment = async ({ account, place, signal }: Turn): Promise<Payment | null> => {
  const { concertId } = place;
  const { userId } = account;
  const result = await callAs(account, listPayments, { userId }, { signal });
  if (!result.ok) return null;
  return result.value.items.find(({ tickets }) => tickets[0]?.concertId === concertId) ?? null;
};

/** The tickets of a turn that ended with a payment. */
export const LastPayment = ({ turn, concert }: { turn: Turn; concert: Concert }) => {
  const [found, setFound] = useState<Payment | null>(null);
  const payment = paymentOf(turn).paid.value ?? found;
  useEffect(() => {
    if (payment === null) void findPayment(turn).then(setFound);
  }, [turn]);
  if (payment === null) return <p class="soft">{texts().loading}</p>;
  return <Receipt payment={payment} concert={concert} />;
};
