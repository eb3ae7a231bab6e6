import { Type } from "typebox";
import { chargeMax } from "#kernel/money.ts";
import { CalendarDate, Instant, Money, Page, Uuid, Text } from "#platform/http/schemas.ts";
import { Grade, Seat, seatName } from "#platform/http/seat-shapes.ts";

/** An arbitrary UUID, as an example. */
const idExample = "0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b17";

export const Currency = Type.String({
  pattern: "^[A-Z]{3}$",
  description: "The installation's one currency, ISO 4217",
  examples: ["KRW"],
});

export const ShowDate = () => CalendarDate("Date of the show, in the concert's own time zone");

export const UserParams = Type.Object({ userId: Uuid("The caller's own user id") });
export const ConcertParams = Type.Object({ concertId: Uuid("The concert of the queue token") });
export const ShowParams = Type.Object({
  concertId: Uuid("The concert of the queue token"),
  date: ShowDate(),
});
export const ReservationParams = Type.Object({ reservationId: Uuid("The reservation") });
export const PaymentParams = Type.Object({ paymentId: Uuid("The payment") });

export const SeatsQuery = Type.Object({
  status: Type.Optional(
    Type.Enum(["AVAILABLE", "HELD", "SOLD"], {
      description: "Only seats in this status; default: all",
      examples: ["AVAILABLE"],
    }),
  ),
  section: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 50,
      description: "Only seats of this section; default: all",
      examples: ["Stalls"],
    }),
  ),
});

export const ChargeBody = Type.Object(
  {
    amount: Type.Integer({
      minimum: 1,
      maximum: chargeMax,
      description: "The amount to add, in the minor unit of the currency",
      examples: [200_000],
    }),
  },
  { examples: [{ amount: 200_000 }] },
);

const reasonCharsMax = 500;

export const DeskChargeBody = Type.Object(
  {
    amount: ChargeBody.properties.amount,
    reason: Text({ maxLength: reasonCharsMax, description: "The reason, for the audit trail" }),
  },
  { examples: [{ amount: 200_000, reason: "Paid in cash at the box office" }] },
);

export const PayBody = Type.Object(
  { reservationId: Uuid("The caller's own reservation") },
  { examples: [{ reservationId: idExample }] },
);

export const BalanceAnswer = Type.Object(
  {
    userId: Uuid("The owner of the balance"),
    balance: Money("The balance", 200_000),
    currency: Currency,
  },
  { $id: "Balance" },
);

const ChargeAnswer = Type.Object(
  {
    chargeId: Uuid("The charge"),
    userId: Uuid("The owner of the balance"),
    amount: Money("The amount added", 200_000),
    balance: Money("The balance after it", 200_000),
    currency: Currency,
    chargedAt: Instant("When the charge was made"),
  },
  { $id: "Charge" },
);

export const chargeAnswers = { 201: ChargeAnswer };

export const Entry = Type.Object(
  {
    entryId: Uuid("The entry"),
    type: Type.Enum(["CHARGE", "PAYMENT", "REFUND", "FEE"], {
      description: "The kind of change; FEE: the part of a refund that the operator keeps",
    }),
    amount: Money("The change of the balance; negative for a payment and a fee", -120_000),
    balance: Money("The balance after it", 80_000),
    referenceId: Uuid("The charge, payment or refund"),
    createdAt: Instant("When the balance changed"),
  },
  { $id: "LedgerEntry" },
);

export const EntryPage = Page(Entry, { $id: "LedgerEntryPage" });

export const DatesAnswer = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        date: ShowDate(),
        startsAt: Instant("When the show begins"),
        seatsAvailable: Type.Integer({
          minimum: 1,
          description: "Seats that can be reserved now",
          examples: [37],
        }),
        seatsTotal: Type.Integer({
          minimum: 1,
          description: "All seats of the show",
          examples: [50],
        }),
      }),
      { description: "Sorted by date" },
    ),
  },
  { $id: "BookableDates" },
);

export const SeatsAnswer = Type.Object(
  {
    date: ShowDate(),
    seatsAvailable: Type.Integer({
      minimum: 0,
      description: "Seats that can be reserved now",
      examples: [37],
    }),
    items: Type.Array(
      Type.Object({
        seatNumber: Seat,
        ...seatName,
        grade: Grade,
        price: Money("The price of the seat", 120_000),
        status: Type.Enum(["AVAILABLE", "HELD", "SOLD"], {
          description: "The status of the seat, at most 1 s old",
        }),
      }),
      { description: "Sorted by seat number" },
    ),
  },
  { $id: "Seats" },
);

export const ReservationAnswer = Type.Object(
  {
    reservationId: Uuid("The reservation"),
    userId: Uuid("The owner of the reservation"),
    concertId: Uuid("The concert"),
    date: ShowDate(),
    seatNumbers: Type.Array(Seat, { description: "The seats, ascending", examples: [[12, 13]] }),
    seats: Type.Array(
      Type.Object({
        seatNumber: Seat,
        ...seatName,
        grade: Grade,
        price: Money("The price of the seat when it was held", 120_000),
      }),
      { description: "The seats with their names, by seat number" },
    ),
    together: Type.Boolean({
      description:
        "Whether the seats are side by side in one row, or places of one standing section",
    }),
    amount: Money("The price of all seats", 240_000),
    currency: Currency,
    status: Type.Enum(["HELD", "CONFIRMED", "EXPIRED", "CANCELLED"], {
      description: "The status; a held reservation is EXPIRED from `expiresAt` on",
    }),
    heldAt: Instant("When the seats were held"),
    expiresAt: Type.String({
      format: "date-time",
      description: "When the reservation expires unless it is paid",
      examples: ["2026-11-22T10:05:00.000Z"],
    }),
    serverTime: Instant(
      "The time of the database for which this answer is true; its clock expires reservations",
    ),
  },
  { $id: "Reservation" },
);

export const reserveAnswers = { 201: ReservationAnswer };

export const ReservationPage = Page(ReservationAnswer, { $id: "ReservationPage" });

const TicketItem = Type.Object(
  {
    ticketId: Uuid("The ticket"),
    concertId: Uuid("The concert"),
    date: ShowDate(),
    seatNumber: Seat,
    ...seatName,
    grade: Grade,
  },
  { $id: "Ticket" },
);

export const PaymentAnswer = Type.Object(
  {
    paymentId: Uuid("The payment"),
    reservationId: Uuid("The paid reservation"),
    userId: Uuid("The buyer"),
    amount: Money("The price of all seats", 240_000),
    currency: Currency,
    balance: Money("The balance after it", 260_000),
    paidAt: Instant("When it was paid"),
    tickets: Type.Array(TicketItem, { description: "One ticket for each seat" }),
  },
  { $id: "Payment" },
);

export const PaymentWithRefundsItem = Type.Object(
  {
    ...PaymentAnswer.properties,
    refunded: Money("The prices of its refunded tickets", 120_000),
    fees: Money("The part of `refunded` that the operator has kept", 12_000),
    refundableTicketIds: Type.Array(Uuid("A ticket"), {
      description: "Its tickets that are not VOID: an operator can refund them",
    }),
  },
  { $id: "PaymentWithRefunds" },
);

/** 200: an earlier request has paid the reservation. */
export const payAnswers = { 201: PaymentAnswer, 200: PaymentAnswer };

export const PaymentPage = Page(PaymentAnswer, { $id: "PaymentPage" });

export const replayNote =
  "A repeated `Idempotency-Key` returns the stored answer with the header `Idempotent-Replayed: true`.";
