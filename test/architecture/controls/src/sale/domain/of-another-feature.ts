// breaks: domain-sees-inward-only, features-apart
import type { Turn } from "../../queue/admission/domain/turn.ts";
export type Found = Turn;
