import { texts } from "../texts/index.ts";
import { joinTexts } from "./texts.ts";

/** Says that the server refused a request for now, and that the page repeats it. */
export const RetryNote = () => (
  <p class="note bad" role="status">{`${texts().busy}. ${joinTexts().retrying}`}</p>
);
