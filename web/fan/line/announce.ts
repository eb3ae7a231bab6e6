import { browserKeep } from "../../shared/keep.ts";
import { formatNumber } from "../../shared/language.ts";
import { effect } from "../../shared/signals.ts";
import { say } from "../say.tsx";
import { words } from "../words/index.ts";
import type { Place } from "./place.ts";
import type { View } from "./view.ts";

const whole = (kind: "turn" | "near" | "paused" | "recovering" | "held" | "lobby"): string =>
  `${words()[kind]}. ${words()[`${kind}Text`]}`;

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
  switch (kind) {
    case "turn":
      say(whole(kind));
      if (browserKeep.read("alarm") === true) {
        void import("./alarm.ts").then(({ ring }) => ring(whole(kind)));
      }
      break;
    case "near":
    case "paused":
    case "recovering":
    case "held":
    case "lobby":
      say(whole(kind));
      break;
    case "waiting":
      followPosition(place);
      break;
    case "looking":
    case "not-open":
    case "joinable":
    case "over":
    case "inside":
    case "ended":
      break;
  }
};
