import { listen, watchPlace, type QueueStatus } from "../../sdk/index.ts";
import type { Crowd, Ending, Fan } from "./crowd.ts";

/** Watches the place until it is ACTIVE or ENDED. */
export const waitForAdmission = async (
  crowd: Crowd,
  fan: Fan,
  token: string,
  isPushed: boolean,
): Promise<QueueStatus | null> => {
  const watching = new AbortController();
  const signal = AbortSignal.any([watching.signal, crowd.signal]);
  let last: QueueStatus | null = null;
  let lowest = Infinity;
  let epoch = "";
  await watchPlace(crowd.client, {
    concertId: crowd.concertId,
    token,
    signal,
    ...(isPushed && { push: async () => listen }),
    onStatus: (status) => {
      crowd.requests += 1;
      last = status;
      // A restored place may have a larger position; its token then has another epoch.
      const tokenEpoch = epochOf(status.token);
      if (tokenEpoch !== epoch) [epoch, lowest] = [tokenEpoch, Infinity];
      if (status.position !== null) {
        if (status.position > lowest) fan.rises += 1;
        lowest = Math.min(lowest, status.position);
      }
      if (status.status === "ACTIVE" || status.status === "ENDED") watching.abort();
    },
  });
  return last;
};

const epochOf = (token: string): string => {
  const [, claims = ""] = token.split(".");
  const { epoch } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { epoch: number };
  return String(epoch);
};

/** How a place ended that was never ACTIVE. */
export const endOf = (status: QueueStatus | null): Ending => {
  if (status?.endedReason === "SOLD_OUT") return "sold-out";
  return ["ENDED", "CLOSED"].includes(status?.endedReason ?? "") ? "closed" : "refused";
};
