// breaks: domain-sees-inward-only
import { log } from "#platform/log.ts";
export const say = log;
