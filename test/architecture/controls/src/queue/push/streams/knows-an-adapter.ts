// breaks: streams-sees-inward-only, parts-apart
import { journal } from "../../admission/adapters/pg-journal.ts";
export const found = journal;
