// breaks: use-cases-sees-inward-only, parts-apart
import type { Sample } from "../../history/domain/sample.ts";
export type Seen = Sample;
