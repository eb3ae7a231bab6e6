// breaks: parts-apart
import { journal } from "../../admission/adapters/pg-journal.ts";
export const found = journal;
