declare const brand: unique symbol;

/** A UUID in lower case. The brand makes ids of different kinds incompatible. */
export type Id<Kind extends string> = string & { readonly [brand]: Kind };

export type UserId = Id<"user">;
export type ConcertId = Id<"concert">;
export type ReservationId = Id<"reservation">;
export type PaymentId = Id<"payment">;
export type TicketId = Id<"ticket">;
export type ChargeId = Id<"charge">;
export type RefundId = Id<"refund">;
export type EntryId = Id<"entry">;
export type ProductId = Id<"product">;
export type OrderId = Id<"order">;

/** Creates a UUIDv7: globally unique, and increasing within one process. */
export type MintId = <Kind extends string>() => Id<Kind>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether the text is a UUID of any version, in either case. */
export const isUuid = (text: string): boolean => uuid.test(text);

/** The value as an id in lower case; null when it is not the text of a UUID. */
export const asId = <Kind extends string>(value: unknown): Id<Kind> | null =>
  typeof value === "string" && isUuid(value) ? (value.toLowerCase() as Id<Kind>) : null;

/** The text as an id in lower case. Throws TypeError when it is not a UUID: validate input first. */
export const toId = <Kind extends string>(text: string): Id<Kind> => {
  const id = asId<Kind>(text);
  if (id === null) throw new TypeError("not a UUID");
  return id;
};
