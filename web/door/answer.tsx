import { formatDate, formatMoment } from "../shared/format.ts";
import { placesText } from "../shared/hall/place-texts.ts";
import type { Answer, DoorShow } from "./records.ts";
import { doorTexts } from "./texts.ts";

/** The reason of an answer in words; null where the result says all. */
export const reasonOf = (
  answer: Pick<Answer, "result" | "date" | "usedAt" | "gate" | "place">,
  show: DoorShow,
): string | null => {
  const t = doorTexts();
  const { result, date, usedAt, gate, place } = answer;
  switch (result) {
    case "ADMITTED":
      return place === null ? t.notListed : null;
    case "ALREADY_USED":
      return usedAt === null
        ? null
        : t.admittedAt(formatMoment(usedAt, show.timeZone, { timeStyle: "short" }), gate);
    case "WRONG_DATE":
      return date === null || date === show.date ? t.otherConcert : t.otherDate(formatDate(date));
    case "VOID":
    case "INVALID":
    case "CANCELLED":
      return t.reason[result];
  }
};

interface AnswerProps {
  readonly answer: Answer | null;
  readonly isChecking: boolean;
  readonly show: DoorShow;
}

/** The answer to the last scan, to be seen from a step away. */
export const AnswerPanel = ({ answer, isChecking, show }: AnswerProps) => {
  const t = doorTexts();
  const kind = answer === null ? "none" : answer.result === "ADMITTED" ? "yes" : "no";
  return (
    <div class={`answer ${isChecking ? "none" : kind}`} role="status">
      {isChecking || answer === null ? (
        <p>{isChecking ? t.checking : t.ready}</p>
      ) : (
        <>
          <p class="answer-word">{t.result[answer.result]}</p>
          {answer.place !== null && <p class="answer-seat num">{placesText([answer.place])}</p>}
          {answer.holderName !== null && <p>{answer.holderName}</p>}
          <p class="num">{reasonOf(answer, show)}</p>
          {answer.by === "list" && <p class="small">{t.byList}</p>}
        </>
      )}
    </div>
  );
};
