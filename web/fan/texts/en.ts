import type { QueueStatus } from "../../../sdk/generated/index.ts";

const count = (n: string, one: string, many: string): string => `${n} ${n === "1" ? one : many}`;

const state: Record<QueueStatus["queueState"], string> = {
  SCHEDULED: "Not on sale yet",
  LOBBY: "Lobby open",
  OPEN: "On sale",
  PAUSED: "Paused",
  RECOVERING: "Being restored",
  ALL_HELD: "All seats held",
  SOLD_OUT: "Sold out",
  ENDED: "Sale over",
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
  keeps: "This page reconnects by itself. You need not join again.",
  broken: "This part of the page did not load.",
  state,

  lobby: "You are in the lobby",
  lobbyText: "Coming early makes no difference: the order is drawn by lot.",
  untilDraw: "Draw in",
  waiting: "Your place in line",
  listed: "Your place on the waiting list",
  near: "You are near the front",
  nearText: "Keep this page open. It tells you when your turn comes.",
  turn: "It is your turn",
  turnText: "Go in and choose your seats. Your time is running.",
  paused: "The line is paused",
  pausedText: "The organiser has paused it. All places are kept.",
  recovering: "The line is being restored",
  recoveringText: "Places come back in their old order. Yours is kept.",
  held: "All seats are held",
  heldText: "Others are paying. Seats not paid in time become free again.",

  ahead: (n: string) => count(n, "person ahead of you", "people ahead of you"),
  first: "No one is ahead of you",
  updated: (s: string) => `Updated ${s} s ago`,
  justNow: "Updated just now",
  seatsLeft: (n: string) => count(n, "seat free", "seats free"),
  progress: "Progress through the line",
  alarm: "Sound and notification at my turn",
  leave: "Leave the line",
  titleWaiting: (n: string) => `(${n}) in line`,
  titleTurn: "Your turn!",
};

export type Texts = typeof texts;
export default texts;
