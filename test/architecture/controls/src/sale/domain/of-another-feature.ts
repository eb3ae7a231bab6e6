// breaks: domain-sees-inward-only, features-apart
import type { Turn } from "../../queue/domain/turn.ts";
export type Found = Turn;
