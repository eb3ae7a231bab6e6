import { browserStorage } from "../../shared/storage.ts";
import { formatNumber } from "../../shared/language.ts";
import { effect } from "../../shared/signals.ts";
import { announce } from "../live-region.tsx";
import { texts } from "../texts/index.ts";
import type { Place } from "./place.ts";
import type { View } from "./view.ts";

/** Views that are announced at once, with their text. */
const announcedViews = ["turn", "near", "paused", "recovering", "held", "lobby"] as const;

let announcedPlace: Place | null = null;

/** Announces the number of people ahead from time to time. */
const announceProgress = (place: Place): void => {
  if (announcedPlace === place) return;
  announcedPlace = place;
  effect(() => {
    const ahead = place.status.value?.ahead ?? null;
    if (ahead !== null && ahead > 0) announce(texts().ahead(formatNumber(ahead)), "minor");
  });
};

/** Announces a change of the view to screen readers: a turn or a stop at once, progress from time to time. */
export const announceView = (kind: View["kind"], place: Place): void => {
  if (kind === "waiting") return announceProgress(place);
  const major = announcedViews.find((one) => one === kind);
  if (major === undefined) return;
  const text = `${texts()[major]}. ${texts()[`${major}Text`]}`;
  announce(text);
  if (major === "turn" && browserStorage.read("alarm") === true) {
    void import("../while-waiting.ts").then(({ ring }) => ring(text));
  }
};
