import type { Failure } from "../../../sdk/client.ts";
import { failureText } from "../session/texts.ts";
import { transferTexts } from "./texts.ts";

/** The text of a refusal to pass a ticket on or to accept one. */
export const refusalText = (failure: Failure): string => {
  const t = transferTexts();
  switch (failure.code) {
    case "TRANSFER_NOT_FOUND":
      return t.gone;
    case "TRANSFER_CLAIMED":
      return t.takenByOther;
    case "NOT_TRANSFERABLE": {
      const reason = "problem" in failure ? failure.problem.reason : undefined;
      const texts: Readonly<Record<string, string>> = t.reasons;
      return texts[reason ?? "policy"] ?? t.reasons.policy;
    }
    default:
      return failureText(failure);
  }
};
