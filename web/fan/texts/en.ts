import type { QueueStatus } from "../../../sdk/generated/index.ts";

const count = (n: string, one: string, many: string): string => `${n} ${n === "1" ? one : many}`;

/** A duration, rounded to minutes because an estimate is no finer; at least one minute. */
const duration = (seconds: number): string => {
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return count(String(minutes), "minute", "minutes");
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

const state: Record<QueueStatus["queueState"], string> = {
  SCHEDULED: "Not on sale yet",
  LOBBY: "Lobby open",
  OPEN: "On sale",
  PAUSED: "Paused",
  RECOVERING: "Back in a moment",
  ALL_HELD: "All seats held",
  SOLD_OUT: "Sold out",
  CLOSED: "Closed",
};

// Texts of the waiting page. All fans load them in the same minute, so they are short.
const texts = {
  days: (n: string) => `${n} d`,
  skip: "Skip to content",
  me: "My tickets",
  other: "한국어",
  loading: "Loading …",
  retry: "Try again",
  again: (s: string) => `Trying again in ${s} s`,
  busy: "The server is busy",
  lost: "Connection lost",
  keeps: "Your place is kept. This page reconnects by itself.",
  broken: "This part of the page did not load.",
  state,

  dates: "Dates",
  prices: "Prices",
  sale: "Sale opens",
  draw: "Draw",
  zone: (zone: string) => `Times of ${zone}`,

  lobby: "You are in the lobby",
  lobbyText: "It makes no difference when you came: the order is drawn by lot.",
  untilDraw: "Draw in",
  waiting: "Your place in line",
  near: "You are nearly there",
  nearText: "Stay here. Your turn comes within moments.",
  turn: "It is your turn",
  turnText: "Go in and choose your seats. The time runs already.",
  claim: "Choose within",
  enter: "Choose seats",
  paused: "The line is paused",
  pausedText: "The organiser has paused it. Nobody moves, and nobody loses a place.",
  recovering: "The line is coming back",
  recoveringText: "Places are being restored in their old order. Yours is kept.",
  held: "All seats are held",
  heldText: "Others are paying now. Seats not paid in time come back, and the line moves on.",

  ahead: (n: string) => count(n, "person ahead of you", "people ahead of you"),
  first: "Nobody is ahead of you",
  about: (seconds: number) => (seconds < 50 ? "Less than a minute" : `About ${duration(seconds)}`),
  most: (seconds: number) => `nine in ten wait less than ${duration(seconds)}`,
  unknown: "The wait is known once the line moves",
  updated: (s: string) => `Updated ${s} s ago`,
  justNow: "Updated just now",
  seatsLeft: (n: string) => count(n, "seat free", "seats free"),
  progress: "Way through the line",
  same: "Reload, open a second tab or use another device (see My tickets): it stays the same place.",
  why: "Why do I wait?",
  whyText:
    "People are let in at a steady pace, so that everybody inside can choose and pay in peace.",
  next: "What happens next",
  steps: [
    "Your turn comes: this page tells you, also in its title.",
    "Choose seats. They are held for you while you pay.",
    "Pay from your balance. The tickets are yours at once.",
  ],
  alarm: "Sound and notification at my turn",
  leave: "Leave the line",
  titleWaiting: (n: string) => `(${n}) in line`,
  titleTurn: "Your turn!",
};

export type Texts = typeof texts;
export default texts;
