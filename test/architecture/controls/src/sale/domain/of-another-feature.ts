// breaks: domain-sees-inward-only, features-apart
import type { Turn } from "../../line/domain/turn.ts";
export type Found = Turn;
