// breaks: presenters-sees-inward-only
import { show } from "../use-cases/show.ts";
export const found = show;
