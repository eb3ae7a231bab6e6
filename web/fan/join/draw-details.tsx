import type { Queue } from "../../../sdk/generated/index.ts";
import { account } from "../account.ts";
import { CheckDraw, rememberCommitment } from "./check-draw.tsx";
import "./join.css";
import { joinTexts } from "./texts.ts";

/** How a lottery decides the order, and how to check it. */
export const DrawDetails = ({ queue }: { queue: Queue }) => {
  const t = joinTexts().draw;
  const { draw, concertId } = queue;
  if (draw !== null) rememberCommitment(concertId, draw);
  return (
    <details>
      <summary>{t.why}</summary>
      <div class="stack">
        <p>{t.text}</p>
        {draw !== null && (
          <>
            <p class="small">
              <span class="soft">{t.commitment}</span>
              <br />
              <code>{draw.commitment}</code>
            </p>
            <CheckDraw
              key={`${concertId} ${account.value?.userId}`}
              concertId={concertId}
              draw={draw}
            />
          </>
        )}
      </div>
    </details>
  );
};
