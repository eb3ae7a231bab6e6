import { Type, type Static } from "typebox";
import { Instant, Nullable, Uuid } from "#platform/http/schemas.ts";

const State = Type.Enum(
  ["SCHEDULED", "LOBBY", "OPEN", "PAUSED", "RECOVERING", "ALL_HELD", "SOLD_OUT", "CLOSED"],
  { description: "What the queue is doing." },
);

const Count = (description: string) => Type.Integer({ minimum: 0, description });

export const ConcertParams = Type.Object({ concertId: Uuid("The concert.") });

export const DrawBody = Type.Object(
  {
    commitment: Type.String({
      description: "SHA-256 of the seed's bytes in hex, from the concert's creation on: note it.",
    }),
    seed: Nullable(Type.String({ description: "32 random bytes in hex; null until the draw." })),
    drawnAt: Nullable(Instant("When the lobby was closed; null until the draw.")),
    entrants: Nullable(Count("People who stood in the lobby then; null until the draw.")),
    entrantsDigest: Nullable(
      Type.String({
        description:
          "SHA-256 of the user ids' SHA-256 hex digests, sorted, joined by line feeds; null until the draw.",
      }),
    ),
  },
  { $id: "Draw", description: "The draw of a lottery; null for fifo." },
);

export const QueueBody = Type.Object(
  {
    concertId: Uuid("The concert."),
    state: State,
    mode: Type.Enum(["fifo", "lottery"], {
      description: "`fifo`: order of arrival; `lottery`: drawn from the lobby.",
    }),
    opensAt: Instant("From when one may join."),
    admitsAt: Nullable(Instant("Lottery: when the draw is done.")),
    waiting: Count("People in the queue."),
    active: Count("People who may buy now."),
    nowServing: Nullable(Count("The furthest `seq` that was admitted; null in a lottery.")),
    lastIssued: Nullable(Count("The last `seq` that was given; null in a lottery.")),
    seatsAvailable: Nullable(Count("Over all dates that can still be booked.")),
    seatsHeld: Nullable(Count("Seats in a reservation that is not paid yet.")),
    seatsTotal: Nullable(Count("All seats of these dates.")),
    admissionsPerMinute: Count("The rate that the operator has set."),
    draw: Nullable(DrawBody),
  },
  { $id: "Queue" },
);

export type QueueBody = Static<typeof QueueBody>;

export const QueueStatusBody = Type.Object(
  {
    token: Type.String({ description: "The newest queue token of this place: keep it." }),
    userId: Uuid("Whose place it is."),
    concertId: Uuid("The concert."),
    status: Type.Enum(["LOBBY", "WAITING", "ACTIVE", "ENDED"], {
      description: "LOBBY: before the draw. ACTIVE: may buy now.",
    }),
    queueState: State,
    position: Nullable(
      Type.Integer({ minimum: 1, description: "From 1 while WAITING; it never rises." }),
    ),
    ahead: Nullable(Count("People who stand before.")),
    estimatedWaitSeconds: Nullable(Count("From the admissions of the last minute.")),
    estimatedWaitRange: Nullable(
      Type.Object(
        {
          p50: Count("Seconds: as likely shorter as longer."),
          p90: Count("Seconds: 9 of 10 wait less."),
        },
        { description: "Between what the wait is likely to be." },
      ),
    ),
    pollAfterMs: Type.Integer({ minimum: 250, description: "When to ask again." }),
    expiresAt: Nullable(Instant("When an ACTIVE slot lapses.")),
    endedReason: Nullable(
      Type.Enum(["PAID", "LEFT", "LAPSED", "SOLD_OUT", "CLOSED"], {
        description: "Why the place has ended.",
      }),
    ),
    serverTime: Instant("When the queue was read."),
  },
  { $id: "QueueStatus" },
);

export type QueueStatusBody = Static<typeof QueueStatusBody>;
