import { randomUUID } from "node:crypto";
import type { Answer, Members } from "./client.ts";
import { patiently, type Fan, type Sale } from "./sale.ts";

export interface Refund {
  readonly refundId: string;
  readonly paymentId: string;
  readonly ticketIds: readonly string[];
  readonly amount: number;
  readonly fee: number;
  readonly payable: number;
  readonly balance: number;
  readonly refundedAt: string;
}

/** Refunds until the show begins, without a fee. */
export const freeRefunds = { until: 0, fees: [] } as const;

/** Refunds tickets of the fan's payment: those that the body names, or all. After a 503 it asks again with its key. */
export const refund = (
  sale: Sale,
  fan: Fan,
  paymentId: string,
  { body = {}, key = randomUUID(), on }: { body?: Members; key?: string; on?: number } = {},
): Promise<Answer> =>
  patiently(() =>
    sale.call({
      method: "POST",
      path: `/api/v1/payments/${paymentId}/refunds`,
      token: fan.accessToken,
      key,
      body,
      ...(on === undefined ? {} : { on }),
    }),
  );

/** Refunds tickets of the concert as an operator. */
export const refundAsOperator = (
  sale: Sale,
  { concertId, token }: { readonly concertId: string; readonly token: string },
  body: Members,
  { key = randomUUID(), on }: { key?: string; on?: number } = {},
): Promise<Answer> =>
  patiently(() =>
    sale.call({
      method: "POST",
      path: `/admin/v1/concerts/${concertId}/refunds`,
      token,
      key,
      body: { reason: "Rain", ...body },
      ...(on === undefined ? {} : { on }),
    }),
  );
