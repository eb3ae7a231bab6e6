import type { Place } from "../queue/place.ts";
import { Ask } from "./ask.tsx";
import { words } from "../words/index.ts";
import "./door.css";
import { leave } from "./join-queue.tsx";
import { doorWords } from "./words.ts";

/** Asks before a place is given up. */
export const Leave = ({ place, onDone }: { place: Place; onDone: () => void }) => {
  const w = doorWords();
  return (
    <Ask
      title={w.leaveAsk}
      text={w.leaveText}
      yes={words().leave}
      no={w.stay}
      onYes={() => {
        onDone();
        void leave(place);
      }}
      onClose={onDone}
    />
  );
};
