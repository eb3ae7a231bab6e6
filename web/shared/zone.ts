const dayMs = 86_400_000;

/** The clock of a time zone at a moment, as `datetime-local` inputs have it; null for an unknown zone. */
export const wallClock = (atMs: number, timeZone: string): string | null => {
  try {
    const parts = new Intl.DateTimeFormat("en-u-ca-iso8601-nu-latn", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    }).formatToParts(atMs);
    const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? "";
    return `${of("year").padStart(4, "0")}-${of("month")}-${of("day")}T${of("hour")}:${of("minute")}`;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
};

/**
 * The moment at which the clock of a zone shows this time (YYYY-MM-DDTHH:mm), in ms; null for text that is
 * no time and for an unknown zone. A time that occurs twice is the first one; a time that is skipped is
 * computed with the offset from before, as the server does.
 */
export const momentAt = (typed: string, timeZone: string): number | null => {
  const localMs = Date.parse(`${typed}Z`);
  if (Number.isNaN(localMs) || wallClock(localMs, timeZone) === null) return null;
  const offsetAt = (atMs: number): number => Date.parse(`${wallClock(atMs, timeZone)}Z`) - atMs;
  const [before, after] = [offsetAt(localMs - dayMs), offsetAt(localMs + dayMs)];
  const fits = [before, after].find((offset) => offsetAt(localMs - offset) === offset);
  return localMs - (fits ?? before);
};
