import { browserStorage } from "../../shared/storage.ts";
import { announce } from "../live-region.tsx";
import { texts } from "../texts/index.ts";
import type { View } from "./view.ts";

/** Views that are announced at once, with their text. */
const announcedViews = ["turn", "near", "paused", "recovering", "held", "lobby"] as const;

/** Announces a turn or a stop to screen readers, and sounds the alarm at a turn. */
export const announceView = (kind: View["kind"]): void => {
  const announced = announcedViews.find((one) => one === kind);
  if (announced === undefined) return;
  const text = `${texts()[announced]}. ${texts()[`${announced}Text`]}`;
  announce(text);
  if (announced === "turn" && browserStorage.read("alarm") === true) {
    void import("../while-waiting.ts").then(({ ring }) => ring(text));
  }
};
