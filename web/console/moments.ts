import { formatMoment } from "../shared/format.ts";
import { texts } from "./texts.ts";

/** The operator's own time zone. */
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

const full = { dateStyle: "short", timeStyle: "medium" } as const;

/** A moment in the time zone of the sale, with the operator's own time beside it where the two differ. */
export const momentIn =
  (timeZone: string, options: Intl.DateTimeFormatOptions = full) =>
  (at: string): string => {
    const here = (part: Intl.DateTimeFormatOptions): string => formatMoment(at, ownZone, part);
    const there = formatMoment(at, timeZone, options);
    if (here(options) === there) return there;
    const day = { dateStyle: "short" } as const;
    const isSameDay = formatMoment(at, timeZone, day) === here(day);
    const { dateStyle: _dateStyle, ...time } = options;
    return texts().withOwnTime(there, here(isSameDay ? time : { ...time, ...day }));
  };
