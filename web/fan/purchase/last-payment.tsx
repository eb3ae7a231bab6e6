import { useEffect, useState } from "preact/hooks";
import { listPayments, type Concert, type Payment } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { texts } from "../texts/index.ts";
import { session } from "../session.ts";
import { Receipt } from "./receipt.tsx";
import { payment } from "./payment.ts";

/** Returns the user's newest payment for a concert. */
const find = async (concertId: string): Promise<Payment | null> => {
  const user = session.peek();
  if (user === null) return null;
  const { userId, accessToken: token } = user;
  const result = await api.call(listPayments, { userId }, { token });
  if (!result.ok) return null;
  return result.value.items.find(({ tickets }) => tickets[0]?.concertId === concertId) ?? null;
};

/** The tickets of a place that ended with a payment. */
export const LastPayment = ({ concert }: { concert: Concert }) => {
  const { concertId } = concert;
  const known = payment.value;
  const [found, setFound] = useState<Payment | null>(
    known?.tickets[0]?.concertId === concertId ? known : null,
  );
  useEffect(() => {
    if (found === null) void find(concertId).then(setFound);
  }, [concertId]);
  if (found === null) return <p class="soft">{texts().loading}</p>;
  return <Receipt payment={found} concert={concert} />;
};
