import { randomUUID } from "node:crypto";
import { succeeded, type Answer, type Members } from "./client.ts";
import { patiently, type Fan, type OnSale, type Payment, type Sale } from "./sale.ts";

export interface HeldTicket {
  readonly ticketId: string;
  readonly concertId: string;
  readonly title: string;
  readonly venue: string | null;
  readonly date: string;
  readonly startsAt: string;
  readonly section: string | null;
  readonly row: string | null;
  readonly name: string | null;
  readonly seatNumber: number;
  readonly grade: string;
  readonly price: number;
  readonly holder: { readonly userId: string; readonly name: string | null };
  readonly status: "VALID" | "USED" | "VOID";
  readonly voidReason: "PASSED_ON" | "CANCELLED" | "REFUNDED" | null;
  readonly code: string | null;
  readonly paymentId: string;
  readonly transfer: { readonly transferId: string; readonly expiresAt: string } | null;
  readonly transferableUntil: string | null;
}

/** Buys seats for the fan, on the concert's first date, and returns the payment. */
export const buy = async (
  sale: Sale,
  fan: Fan,
  { concertId, dates }: OnSale,
  seatNumbers: readonly number[],
): Promise<Payment> => {
  const place = await sale.admitted(fan, concertId);
  const held = await sale.reserved(place, { date: dates[0] ?? "", seatNumbers });
  return succeeded<Payment>(await sale.pay(place, held.reservationId), 201);
};

/** The newest 100 tickets of the fan. */
export const ticketsOf = async (sale: Sale, fan: Fan): Promise<readonly HeldTicket[]> => {
  const path = `/api/v1/users/${fan.userId}/tickets?limit=100`;
  const answer = await sale.call({ path, token: fan.accessToken });
  return succeeded<{ items: HeldTicket[] }>(answer, 200).items;
};

export interface Transfer {
  readonly transferId: string;
  readonly claim: string;
  readonly expiresAt: string;
}

/** Offers a ticket of the fan to the user who gets the claim code. */
export const offer = (sale: Sale, fan: Fan, ticketId: string, on?: number): Promise<Answer> => {
  const path = `/api/v1/tickets/${ticketId}/transfers`;
  return sale.call({
    method: "POST",
    path,
    token: fan.accessToken,
    ...(on !== undefined && { on }),
  });
};

export const claim = (sale: Sale, fan: Fan, code: string, on?: number): Promise<Answer> => {
  const asked = { method: "POST", path: "/api/v1/transfers/claim", body: { claim: code } };
  return sale.call({ ...asked, token: fan.accessToken, ...(on !== undefined && { on }) });
};

export const cancelTransfer = (
  sale: Sale,
  fan: Fan,
  transferId: string,
  on?: number,
): Promise<Answer> => {
  const path = `/api/v1/transfers/${transferId}`;
  return sale.call({
    method: "DELETE",
    path,
    token: fan.accessToken,
    ...(on !== undefined && { on }),
  });
};

export interface CheckIn {
  readonly result: "ADMITTED" | "ALREADY_USED" | "VOID" | "WRONG_DATE" | "INVALID";
  readonly ticket: HeldTicket | null;
  readonly usedAt: string | null;
  readonly gate: string | null;
}

/** Scans at the door of the concert's first date, unless the scan says otherwise. */
export const openDoor =
  (sale: Sale, { concertId, dates }: OnSale) =>
  async (scan: Members, on?: number): Promise<CheckIn> => {
    const body = { checkInId: randomUUID(), concertId, date: dates[0], ...scan };
    // As a door does: a repeat with the same id is harmless.
    const scanned = await patiently(() => sale.admin("POST", "/check-ins", body, on));
    return succeeded<CheckIn>(scanned, 200);
  };
