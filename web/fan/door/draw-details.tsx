import type { Queue } from "../../../sdk/generated/index.ts";
import { CheckDraw, noteCommitment } from "./check-draw.tsx";
import "./door.css";
import { doorWords } from "./words.ts";

/** How a lottery's order comes about, and how anybody can check it. */
export const DrawDetails = ({ queue }: { queue: Queue }) => {
  const w = doorWords().draw;
  const { draw, concertId } = queue;
  if (draw !== null) noteCommitment(concertId, draw);
  return (
    <details>
      <summary>{w.why}</summary>
      <div class="stack">
        <p>{w.text}</p>
        {draw !== null && (
          <>
            <p class="small">
              <span class="soft">{w.commitment}</span>
              <br />
              <code>{draw.commitment}</code>
            </p>
            <CheckDraw concertId={concertId} draw={draw} />
          </>
        )}
      </div>
    </details>
  );
};
