import { exampleId, type Example } from "#platform/http/examples.ts";
import type { QueueBody, QueueStatusBody } from "./shapes.ts";

// The examples of the document follow one user from the end of the queue to the ticket.

const concertId = exampleId("concertId");
const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTk4YzRmMiJ9.0J3eYqYV4sQ";

const waiting: QueueStatusBody = {
  token,
  userId: exampleId("userId"),
  concertId,
  status: "WAITING",
  queueState: "OPEN",
  position: 412,
  ahead: 411,
  estimatedWaitSeconds: 42,
  estimatedWaitRange: { p50: 42, p90: 55 },
  seatsLikely: "likely",
  pollAfterMs: 2000,
  expiresAt: null,
  endedReason: null,
  cancelledAt: null,
  serverTime: "2026-11-22T10:00:00.000Z",
};

const admitted: QueueStatusBody = {
  ...waiting,
  status: "ACTIVE",
  position: null,
  ahead: null,
  estimatedWaitSeconds: null,
  estimatedWaitRange: null,
  seatsLikely: null,
  expiresAt: "2026-11-22T10:10:43.000Z",
  serverTime: "2026-11-22T10:00:43.000Z",
};

const waitlisted: QueueStatusBody = {
  ...waiting,
  status: "WAITLISTED",
  queueState: "SOLD_OUT",
  position: 7,
  ahead: 6,
  estimatedWaitSeconds: null,
  estimatedWaitRange: null,
  seatsLikely: "none-left",
};

const paid: QueueStatusBody = {
  ...admitted,
  status: "ENDED",
  expiresAt: null,
  endedReason: "PAID",
  serverTime: "2026-11-22T10:02:10.000Z",
};

const lapsed: QueueStatusBody = {
  ...paid,
  endedReason: "LAPSED",
  serverTime: "2026-11-22T10:10:50.000Z",
};

type Examples = Readonly<Record<string, Example>>;

const inQueue = { summary: "WAITING: poll again after `pollAfterMs`", value: waiting };
const active = { summary: "ACTIVE: may buy until `expiresAt`", value: admitted };

/** A new place. */
export const joinedExamples: Examples = {
  waiting: inQueue,
  active: { ...active, summary: "ACTIVE at once: may buy until `expiresAt`" },
  waitlisted: { summary: "WAITLISTED: on the waiting list of a sold out sale", value: waitlisted },
};

/** A place in each state. */
export const statusExamples: Examples = {
  waiting: inQueue,
  waitlisted: joinedExamples["waitlisted"] as Example,
  active,
  paid: { summary: "ENDED: the user has paid", value: paid },
  lapsed: { summary: "ENDED: the slot expired", value: lapsed },
};

const open: QueueBody = {
  concertId,
  state: "OPEN",
  mode: "fifo",
  opensAt: "2026-11-22T10:00:00.000Z",
  admitsAt: null,
  waiting: 1840,
  active: 200,
  nowServing: 1260,
  lastIssued: 3100,
  seatsAvailable: 37,
  seatsHeld: 24,
  seatsTotal: 100,
  admissionsPerMinute: 600,
  waitingList: false,
  waitlisted: null,
  draw: null,
  cancelledAt: null,
};

const soldOut: QueueBody = {
  ...open,
  state: "SOLD_OUT",
  waiting: 0,
  active: 0,
  seatsAvailable: 0,
  seatsHeld: 0,
};

/** A queue in two states. */
export const queueExamples: Examples = {
  open: { summary: "OPEN: users are admitted", value: open },
  soldOut: { summary: "SOLD_OUT: no seat is left", value: soldOut },
};
