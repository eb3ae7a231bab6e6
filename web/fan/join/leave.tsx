import type { Place } from "../queue/place-store.ts";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { texts } from "../texts/index.ts";
import "./join.css";
import { leave } from "./join-queue.tsx";
import { joinTexts } from "./texts.ts";

/** Asks for confirmation before the fan gives up the place. */
export const Leave = ({ place, onDone }: { place: Place; onDone: () => void }) => {
  const t = joinTexts();
  return (
    <ConfirmDialog
      title={t.leaveTitle}
      text={t.leaveText}
      yes={texts().leave}
      no={t.stay}
      onYes={() => {
        onDone();
        void leave(place);
      }}
      onClose={onDone}
    />
  );
};
