import { words } from "../words/index.ts";
import { doorWords } from "./words.ts";

/** The server has turned a request away, which is made again. */
export const GoesOn = () => (
  <p class="note bad" role="status">{`${words().busy}. ${doorWords().goesOn}`}</p>
);
