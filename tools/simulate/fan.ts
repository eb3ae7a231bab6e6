import { createUser, joinQueue, leaveQueue, readQueueStatus } from "../../sdk/index.ts";
import { pause } from "../../sdk/wait.ts";
import { callAs, type Crowd, type Ending, type Fan } from "./crowd.ts";
import { runHoarder } from "./hoarder.ts";
import { shop } from "./shopper.ts";
import { endOf, waitForAdmission } from "./waiting.ts";

const absenceMs = 8_000;
const hammerEveryMs = 100;
const hammerPolls = 30;

/** Polls without waiting for the time that the server names. */
const hammer = async (crowd: Crowd, token: string): Promise<void> => {
  for (let polls = 0; polls < hammerPolls && !crowd.signal.aborted; polls += 1) {
    const { concertId } = crowd;
    const result = await callAs(crowd, readQueueStatus, { concertId }, { token });
    if (!result.ok || result.value.status !== "WAITING") return;
    await pause(hammerEveryMs, crowd.signal);
  }
};

/** Behaves as the fan's kind does while waiting. Returns true when the fan has left. */
const behaveWhileWaiting = async (crowd: Crowd, fan: Fan, token: string): Promise<boolean> => {
  const { concertId, signal } = crowd;
  switch (fan.kind) {
    case "buyer":
    case "abandoner":
    case "hoarder":
      return false;
    case "hammer":
      await hammer(crowd, token);
      return false;
    case "sleeper":
      await pause(absenceMs * (0.5 + Math.random()), signal);
      return false;
    case "leaver":
      await pause(2_000 * Math.random(), signal);
      await callAs(crowd, leaveQueue, { concertId }, { token });
      return true;
  }
};

/** Runs one fan from the arrival to the ticket, or to another ending. */
export const runFan = async (crowd: Crowd, fan: Fan, arrivesInMs: number): Promise<void> => {
  const end = (ending: Ending): void => {
    fan.stage = "done";
    fan.ending = crowd.signal.aborted ? "time-over" : ending;
  };
  await pause(arrivesInMs, crowd.signal);
  const body = { name: `Fan ${fan.number}` };
  const user = await callAs(crowd, createUser, { body }, {});
  if (!user.ok) return end("refused");
  const { userId, accessToken } = user.value;
  fan.userId = userId;
  if (fan.kind === "hoarder") return end(await runHoarder(crowd, fan, accessToken));
  const { concertId } = crowd;
  const joined = await callAs(crowd, joinQueue, { concertId }, { token: accessToken });
  if (!joined.ok) {
    if (joined.code === "SOLD_OUT") return end("sold-out");
    return end(["QUEUE_NOT_OPEN", "SALE_ENDED"].includes(joined.code) ? "closed" : "refused");
  }
  fan.joinedAtMs = performance.now();
  fan.stage = "waiting";
  if (await behaveWhileWaiting(crowd, fan, joined.value.token)) return end("left");
  const status = await waitForAdmission(crowd, fan, joined.value.token, fan.number % 10 === 0);
  if (status?.status !== "ACTIVE") return end(endOf(status));
  fan.admittedAtMs = performance.now();
  fan.stage = "shopping";
  return end(await shop(crowd, fan, { userId, accessToken, queueToken: status.token }));
};
