import { useEffect } from "preact/hooks";
import type { QueueStatus } from "../../../sdk/generated/index.ts";
import { announce } from "../live-region.tsx";
import { joinTexts } from "./texts.ts";

/** Tells a waiting fan that the seats may not reach the fan's place, or how the waiting list goes. */
const SeatsNote = ({ about }: { about: "unlikely" | "none-left" | "listed" }) => {
  const text = joinTexts().wait[about];
  useEffect(() => announce(text), [text]);
  return <p class="note spot">{text}</p>;
};

const Estimate = ({ status }: { status: QueueStatus }) => {
  const t = joinTexts().wait;
  const { estimatedWaitRange: range, estimatedWaitSeconds: seconds } = status;
  if (seconds === null) return <p class="soft">{t.unknown}</p>;
  const about = t.about(seconds);
  // "Less than a minute" says as much as "less than 1 minute".
  const isWide = range !== null && range.p90 >= 90 && t.about(range.p90) !== about;
  return (
    <>
      <p>
        <b>{about}</b>
      </p>
      {/* On a line of its own it does not move when the time above it changes. */}
      {isWide && <p class="soft">{t.most(range.p90)}</p>}
    </>
  );
};

/** The prospects of a waiting fan: how long, or that the seats may not last. */
export const Prospects = ({ status, isMoving }: { status: QueueStatus; isMoving: boolean }) => {
  const { seatsLikely } = status;
  if (status.status === "WAITLISTED") return <SeatsNote about="listed" />;
  if (seatsLikely === "unlikely" || seatsLikely === "none-left")
    return <SeatsNote about={seatsLikely} />;
  return isMoving ? <Estimate status={status} /> : null;
};
