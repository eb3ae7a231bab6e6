// breaks: platform-knows-no-feature
import type { hold } from "../sale/index.ts";
export type Hold = typeof hold;
