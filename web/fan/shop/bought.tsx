import { useEffect, useState } from "preact/hooks";
import { listPayments, type Concert, type Payment } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { words } from "../words/index.ts";
import { session } from "../session.ts";
import { PaidNow } from "./paid-now.tsx";
import { payment } from "./purchase.ts";

/** The newest payment for a concert. */
const find = async (concertId: string): Promise<Payment | null> => {
  const user = session.peek();
  if (user === null) return null;
  const { userId, accessToken: token } = user;
  const result = await api.call(listPayments, { userId }, { token });
  if (!result.ok) return null;
  return result.value.items.find(({ tickets }) => tickets[0]?.concertId === concertId) ?? null;
};

/** The tickets that a place in the queue has led to. */
export const Bought = ({ concert }: { concert: Concert }) => {
  const { concertId } = concert;
  const known = payment.value;
  const [found, setFound] = useState<Payment | null>(
    known?.tickets[0]?.concertId === concertId ? known : null,
  );
  useEffect(() => {
    if (found === null) void find(concertId).then(setFound);
  }, [concertId]);
  if (found === null) return <p class="soft">{words().loading}</p>;
  return <PaidNow payment={found} concert={concert} />;
};
