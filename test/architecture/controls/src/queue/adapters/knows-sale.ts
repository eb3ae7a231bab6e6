// breaks: features-apart
import { hold } from "../../sale/index.ts";
export const other = hold;
