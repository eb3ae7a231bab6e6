import type { Turn } from "../../admission/domain/turn.ts";
export type Sample = readonly Turn[];
