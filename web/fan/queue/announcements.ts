import { browserStorage } from "../../shared/storage.ts";
import { announce } from "../live-region.tsx";
import { expectHeading } from "../route.ts";
import { texts } from "../texts/index.ts";
import type { View } from "./view.ts";

/** Views that are announced at once, with their text. */
const announcedViews = ["turn", "near", "paused", "recovering", "held", "lobby"] as const;

/** Announces a turn or a stop to screen readers, and sounds the alarm at a turn. */
export const announceView = (kind: View["kind"]): void => {
  // A turn and an end replace the part that has the focus, so their heading takes it.
  if (kind === "turn" || kind === "ended" || kind === "cancelled") expectHeading();
  const announced = announcedViews.find((one) => one === kind);
  if (announced === undefined) return;
  const text = `${texts()[announced]}. ${texts()[`${announced}Text`]}`;
  announce(text);
  if (announced === "turn" && browserStorage.read("alarm") === true) {
    void import("../while-waiting.ts").then(({ ring }) => ring(text));
  }
};
