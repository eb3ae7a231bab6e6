// breaks: use-cases-sees-inward-only, parts-apart, admission-knows-no-other-part
import type { Sample } from "../../history/domain/sample.ts";
export type Seen = Sample;
