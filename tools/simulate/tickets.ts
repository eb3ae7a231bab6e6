import {
  checkIn,
  claimTicket,
  createUser,
  listTickets,
  offerTicket,
  readTicket,
  refundPayment,
  type HeldTicket,
  type Payment,
  type Result,
} from "../../sdk/index.ts";
import { callAs, type Crowd, type Fan } from "./crowd.ts";
import { unanswered, type Holder } from "./ticket-life.ts";

// The life of the tickets of a simulated sale: some are refunded, some passed on, and all are shown at the doors.

/** Of the buyers, those who give a ticket back, and those who pass one on. */
const refundShare = 0.15;
const passOnShare = 0.25;

/** Gives one ticket of a payment back. */
const refundOne = async (
  crowd: Crowd,
  fan: Fan,
  token: string,
  payment: Payment,
): Promise<void> => {
  const { paymentId } = payment;
  const [ticket] = payment.tickets;
  if (ticket === undefined) return;
  const asked = { paymentId, body: { ticketIds: [ticket.ticketId] } };
  const result = await callAs(crowd, refundPayment, asked, { token, key: crypto.randomUUID() });
  if (result.ok) crowd.life.refunds.push({ paymentId, amount: result.value.amount });
  // Without an answer it may be refunded, and another fan may buy the seat.
  if (result.ok || result.code === "NO_ANSWER")
    fan.tickets = fan.tickets.filter(({ ticketId }) => ticketId !== ticket.ticketId);
};

const newFriend = async (crowd: Crowd): Promise<Holder | null> => {
  const made = await callAs(crowd, createUser, { body: { name: "Friend" } }, {});
  return made.ok ? { userId: made.value.userId, token: made.value.accessToken } : null;
};

/** Passes one ticket on: two users have the code, and claim it at once. */
const passOne = async (crowd: Crowd, token: string, ticketId: string): Promise<void> => {
  const before = await callAs(crowd, readTicket, { ticketId }, { token });
  const offered = await callAs(crowd, offerTicket, { ticketId }, { token });
  if (!before.ok || !offered.ok) return;
  const { claim } = offered.value;
  const friends = (await Promise.all([newFriend(crowd), newFriend(crowd)])).filter(
    (friend) => friend !== null,
  );
  const claims: readonly Result<HeldTicket, string>[] = await Promise.all(
    friends.map((friend) =>
      callAs(crowd, claimTicket, { body: { claim } }, { token: friend.token }),
    ),
  );
  crowd.life.holders.push(...friends);
  const winners = claims.filter(({ ok }) => ok).length;
  const isKnown = claims.every((it) => it.ok || it.code !== "NO_ANSWER");
  if (isKnown) crowd.life.hops.push({ ticketId, oldCode: before.value.code, winners });
};

/** A fan who has paid keeps the tickets, gives one back or passes one on. */
export const useTickets = async (
  crowd: Crowd,
  fan: Fan,
  token: string,
  payment: Payment,
): Promise<void> => {
  const { life } = crowd;
  const { paymentId, amount } = payment;
  life.holders.push({ userId: fan.userId, token });
  life.payments.push({ paymentId, amount });
  const chance = Math.random();
  if (chance < refundShare) await refundOne(crowd, fan, token, payment);
  else if (chance < refundShare + passOnShare)
    await passOne(crowd, token, payment.tickets[0]?.ticketId ?? "");
};

const scan = async (
  crowd: Crowd,
  token: string,
  { ticketId, date }: Pick<HeldTicket, "ticketId" | "date">,
  code: { readonly text: string; readonly isOld: boolean },
): Promise<void> => {
  const checkInId = crypto.randomUUID();
  const body = { checkInId, concertId: crowd.concertId, date, code: code.text };
  const answer = await callAs(crowd, checkIn, { body }, { token, signal: neverAborted });
  const result = answer.ok ? (answer.value.result ?? unanswered) : unanswered;
  crowd.life.scans.push({ ticketId, result, isOld: code.isOld });
};

/** The doors open after the sale, also when it has ended early. */
const neverAborted = new AbortController().signal;
/** Holders at the doors at once. */
const doorsAtOnce = 16;

/** Each holder shows the valid tickets at two doors at once, and the former holder of one shows the old code. */
const enter = async (
  crowd: Crowd,
  operatorKey: string,
  { userId, token }: Holder,
): Promise<void> => {
  const asked = { userId, limit: "100" };
  const listed = await callAs(crowd, listTickets, asked, { token, signal: neverAborted });
  const own = (listed.ok ? listed.value.items : []).filter(
    ({ concertId }) => concertId === crowd.concertId,
  );
  crowd.life.held.push(...own);
  for (const ticket of own) {
    const { code: text } = ticket;
    if (text === null) continue;
    const hop = crowd.life.hops.find(({ ticketId }) => ticketId === ticket.ticketId);
    await Promise.all([
      scan(crowd, operatorKey, ticket, { text, isOld: false }),
      scan(crowd, operatorKey, ticket, { text, isOld: false }),
      ...(hop?.oldCode == null
        ? []
        : [scan(crowd, operatorKey, ticket, { text: hop.oldCode, isOld: true })]),
    ]);
  }
};

/** Lets all holders in. Without an operator key there is no door. */
export const openDoors = async (crowd: Crowd, operatorKey: string | null): Promise<void> => {
  if (operatorKey === null) return;
  const waiting = [...crowd.life.holders];
  const door = async (): Promise<void> => {
    for (let holder = waiting.pop(); holder !== undefined; holder = waiting.pop())
      await enter(crowd, operatorKey, holder);
  };
  await Promise.all(Array.from({ length: doorsAtOnce }, door));
};
