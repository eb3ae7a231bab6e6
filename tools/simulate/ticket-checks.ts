import { unanswered, type TicketLife } from "./ticket-life.ts";

type Faults = (string | false)[];

/** A seat of which more than one holder reads a ticket that is not VOID. */
const seatsWithTwo = ({ held }: TicketLife): Faults =>
  [
    ...Map.groupBy(
      held.filter(({ status }) => status !== "VOID"),
      ({ date, seatNumber }) => `${date} ${seatNumber}`,
    ),
  ].map(([seat, tickets]) => tickets.length > 1 && `seat ${seat}: ${tickets.length} valid tickets`);

/** A ticket that two users have claimed, or neither. */
const wrongClaims = ({ hops }: TicketLife): Faults =>
  hops.map(({ ticketId, winners }) => winners !== 1 && `ticket ${ticketId}: ${winners} claimed it`);

/** A ticket that the doors did not admit once, and one whose old code they took. */
const wrongAdmissions = ({ scans }: TicketLife): Faults =>
  [...Map.groupBy(scans, ({ ticketId }) => ticketId)].flatMap(([ticketId, own]): Faults => {
    const admitted = own.filter(({ result }) => result === "ADMITTED").length;
    const isKnown = own.every(({ result }) => result !== unanswered);
    return [
      (admitted > 1 || (admitted === 0 && isKnown)) &&
        `ticket ${ticketId}: admitted ${admitted} times`,
      own.some(({ isOld, result }) => isOld && result !== "VOID" && result !== unanswered) &&
        `ticket ${ticketId}: a door took the code of a former holder`,
    ];
  });

/** A payment of which more was refunded than was paid. */
const excessiveRefunds = ({ payments, refunds }: TicketLife): Faults => {
  const paid = new Map(payments.map(({ paymentId, amount }) => [paymentId, amount]));
  return [...Map.groupBy(refunds, ({ paymentId }) => paymentId)].map(([paymentId, own]) => {
    const sum = own.reduce((all, { amount }) => all + amount, 0);
    const most = paid.get(paymentId) ?? 0;
    return sum > most && `payment ${paymentId}: ${sum} refunded of ${most}`;
  });
};

/** The faults in the answers about tickets: what their holders read, the claims, the doors and the refunds. */
export const checkTickets = (life: TicketLife): readonly string[] =>
  [
    ...seatsWithTwo(life),
    ...wrongClaims(life),
    ...wrongAdmissions(life),
    ...excessiveRefunds(life),
  ].filter((fault) => fault !== false);

/** How many tickets were refunded, passed on, admitted, and refused with the code of a former holder. */
export interface TicketCounts {
  readonly refunded: number;
  readonly passedOn: number;
  readonly admitted: number;
  readonly oldCodesRefused: number;
}

export const countTickets = ({ refunds, hops, scans }: TicketLife): TicketCounts => ({
  refunded: refunds.length,
  passedOn: hops.length,
  admitted: scans.filter(({ result }) => result === "ADMITTED").length,
  oldCodesRefused: scans.filter(({ isOld, result }) => isOld && result === "VOID").length,
});
