import type { Queue } from "../../../sdk/generated/index.ts";
import { later } from "../later.tsx";
import { doorWords } from "./words.ts";

const CheckDraw = later(() => import("./check-draw.tsx").then((part) => part.CheckDraw));

interface Draw {
  readonly commitment: string;
  readonly seed: string | null;
}

/** How a lottery's order comes about, and how anybody can check it. */
export const DrawDetails = ({ queue }: { queue: Queue }) => {
  const w = doorWords();
  const draw = queue.draw as Draw | null;
  return (
    <details>
      <summary>{w.drawWhy}</summary>
      <p>{w.drawText}</p>
      {draw !== null && (
        <>
          <p class="soft small">{w.commitment}</p>
          <p class="small num">{draw.commitment}</p>
        </>
      )}
      {draw !== null && draw.seed !== null && <CheckDraw concertId={queue.concertId} />}
    </details>
  );
};
