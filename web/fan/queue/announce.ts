import { browserKeep } from "../../shared/keep.ts";
import { formatNumber } from "../../shared/language.ts";
import { effect } from "../../shared/signals.ts";
import { say } from "../say.tsx";
import { words } from "../words/index.ts";
import type { Place } from "./place.ts";
import type { View } from "./view.ts";

/** What is told whole, and at once. */
const told = ["turn", "near", "paused", "recovering", "held", "lobby"] as const;

let followed: Place | null = null;

/** Tells how far it is, from time to time. */
const followPosition = (place: Place): void => {
  if (followed === place) return;
  followed = place;
  effect(() => {
    const ahead = place.status.value?.ahead ?? null;
    if (ahead !== null && ahead > 0) say(words().ahead(formatNumber(ahead)), "minor");
  });
};

/** Tells who does not look what has changed: at once what he must know, the rest from time to time. */
export const announce = (kind: View["kind"], place: Place): void => {
  if (kind === "waiting") return followPosition(place);
  const major = told.find((one) => one === kind);
  if (major === undefined) return;
  const text = `${words()[major]}. ${words()[`${major}Text`]}`;
  say(text);
  if (major === "turn" && browserKeep.read("alarm") === true) {
    void import("./alarm.ts").then(({ ring }) => ring(text));
  }
};
