import { Type, type Static } from "typebox";
import { Instant, Nullable, Uuid } from "#platform/http/schemas.ts";

const State = Type.Enum(
  ["SCHEDULED", "LOBBY", "OPEN", "PAUSED", "RECOVERING", "ALL_HELD", "SOLD_OUT", "ENDED", "CLOSED"],
  { description: "State of the queue" },
);

const Count = (description: string) => Type.Integer({ minimum: 0, description });

const CancelledAt = Nullable(
  Instant("When the concert was cancelled: it does not take place, and its tickets are refunded"),
);

export const ConcertParams = Type.Object({ concertId: Uuid("The concert") });

export const DrawBody = Type.Object(
  {
    commitment: Type.String({
      description:
        "SHA-256 of the seed's bytes in hex, published from the concert's creation on. Note it to verify the draw",
    }),
    seed: Nullable(
      Type.String({ description: "The seed: 32 random bytes in hex; null until the draw" }),
    ),
    drawnAt: Nullable(Instant("When the lobby closed; null until the draw")),
    entrants: Nullable(Count("Users in the lobby at that moment; null until the draw")),
    entrantsDigest: Nullable(
      Type.String({
        description:
          "SHA-256 of the user ids' SHA-256 hex digests, sorted and joined by line feeds; null until the draw",
      }),
    ),
  },
  { $id: "Draw", description: "The draw of a lottery; null for fifo" },
);

export const QueueBody = Type.Object(
  {
    concertId: Uuid("The concert"),
    state: State,
    mode: Type.Enum(["fifo", "lottery"], {
      description: "`fifo`: order of arrival; `lottery`: drawn from the lobby",
    }),
    opensAt: Instant("When users can join"),
    admitsAt: Nullable(Instant("Lottery: when the draw takes place")),
    waiting: Count("Users in the queue"),
    active: Count("Users who may buy now"),
    nowServing: Nullable(Count("The highest `seq` that was admitted; null in a lottery")),
    lastIssued: Nullable(Count("The last `seq` that was issued; null in a lottery")),
    seatsAvailable: Nullable(Count("Free seats on all dates that can still be booked")),
    seatsHeld: Nullable(Count("Held seats on all dates: reserved and not paid yet")),
    seatsTotal: Nullable(Count("All seats on all dates")),
    admissionsPerMinute: Count("The admission rate that the operator has set"),
    waitingList: Type.Boolean({
      description: "Whether users can join at SOLD_OUT, for seats that come back",
    }),
    waitlisted: Nullable(
      Count("Users on the waiting list; null until it begins, when the sale is sold out"),
    ),
    draw: Nullable(DrawBody),
    cancelledAt: CancelledAt,
  },
  { $id: "Queue" },
);

export type QueueBody = Static<typeof QueueBody>;

export const QueueStatusBody = Type.Object(
  {
    token: Type.String({ description: "The newest queue token of this place; use it from now on" }),
    userId: Uuid("The user of this place"),
    concertId: Uuid("The concert"),
    status: Type.Enum(["LOBBY", "WAITING", "WAITLISTED", "ACTIVE", "ENDED"], {
      description:
        "`LOBBY`: before the draw; `WAITING`: in the queue; `WAITLISTED`: the sale was sold out, and the user is admitted in turn when seats come back; `ACTIVE`: may buy now; `ENDED`: over",
    }),
    queueState: State,
    position: Nullable(
      Type.Integer({
        minimum: 1,
        description:
          "Position among the waiting users, from 1, while WAITING or WAITLISTED. It never rises",
      }),
    ),
    ahead: Nullable(Count("Waiting users ahead")),
    estimatedWaitSeconds: Nullable(
      Count(
        "Forecast of the wait until the user's turn, its median; null while it is unknown, while no user is admitted, and when the seats are likely to be gone before",
      ),
    ),
    estimatedWaitRange: Nullable(
      Type.Object(
        {
          p50: Count("Median of the estimate, in seconds"),
          p90: Count("90th percentile of the estimate, in seconds"),
        },
        { description: "The likely range of the wait" },
      ),
    ),
    seatsLikely: Nullable(
      Type.Enum(["likely", "unlikely", "none-left"], {
        description:
          "Whether a seat is likely to be free when the user's turn comes. `unlikely`: more users are ahead than the free seats are likely to serve; `none-left`: no seat is free now, but held ones may become free again. Null unless WAITING or WAITLISTED at a known position",
      }),
    ),
    pollAfterMs: Type.Integer({
      minimum: 250,
      description: "Milliseconds to wait before the next poll",
    }),
    expiresAt: Nullable(Instant("When the ACTIVE slot expires")),
    endedReason: Nullable(
      Type.Enum(["PAID", "LEFT", "LAPSED", "SOLD_OUT", "ENDED", "CLOSED"], {
        description: "Why the place has ended",
      }),
    ),
    cancelledAt: CancelledAt,
    serverTime: Instant("When the queue was read"),
  },
  { $id: "QueueStatus" },
);

export type QueueStatusBody = Static<typeof QueueStatusBody>;
